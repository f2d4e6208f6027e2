import { type Expression, expressions, pointStates } from '@undertone/wire';
import type { RibbonCell, RibbonTrack } from './ribbon-track.ts';

/** How far back is listened. */
const windowSeconds = 60;
/** A second of speech this long ago counts half. */
const halfLifeSeconds = 20;
/** Less speech than this, counted so, is too little to be sure of: what it says is scaled down. */
const enoughSpeech = 6;
const silence = pointStates.indexOf('silence');

/**
 * How much each perceived expression speaks for listening to a call. An order among calls and nothing else: it says
 * nothing about the person, and no alert is made of it.
 */
const pull: Partial<Record<Expression, number>> = { angry: 1, fearful: 0.9, disgust: 0.75, sad: 0.6 };
const pulls = expressions.map((each) => pull[each] ?? 0);
const decay = 0.5 ** (1 / halfLifeSeconds);

/** Levels are entered at a score and left at a lower one, so that a call does not flicker between two places. */
const levels = [
  { level: 2, enterAt: 0.4, leaveBelow: 0.28 },
  { level: 1, enterAt: 0.24, leaveBelow: 0.15 },
] as const;
type UrgencyLevel = 0 | 1 | 2;

export interface Urgency {
  level: UrgencyLevel;
  /** Capture time at which the level was reached. */
  sinceMs: number;
  /** What was heard that speaks most for listening, and for how many seconds of the last minute; null at level 0. */
  heard: { expression: Expression; seconds: number } | null;
}

const cell: RibbonCell = { state: 0, expression: 0, confidence: 0, arousal: 0 };
const seconds = new Uint8Array(expressions.length);

/** What one voice's last minute says: a score from 0 to 1, and the expression that it is mostly made of. */
export function voiceUrgency(
  track: RibbonTrack,
  liveCell: number,
): { score: number; heard: Urgency['heard'] } {
  seconds.fill(0);
  let [weight, spoken, pulled, most, mostPull] = [1, 0, 0, -1, 0];
  for (let age = 0; age < windowSeconds; age++, weight *= decay) {
    if (!track.read(liveCell - age, cell) || cell.state === silence || cell.expression < 0) continue;
    spoken += weight;
    pulled += weight * pulls[cell.expression] * (cell.confidence / 100);
    const total = ++seconds[cell.expression] * pulls[cell.expression];
    if (total > mostPull) {
      mostPull = total;
      most = cell.expression;
    }
  }
  return {
    score: pulled / Math.max(spoken, enoughSpeech),
    heard: most < 0 ? null : { expression: expressions[most], seconds: seconds[most] },
  };
}

/** The urgency of a call whose most urgent voice has `score`, given what it was before. */
export function nextUrgency(
  before: Urgency | null,
  score: number,
  heard: Urgency['heard'],
  nowMs: number,
): Urgency {
  const was = before?.level ?? 0;
  const found = levels.find(
    ({ level, enterAt, leaveBelow }) => score >= (was >= level ? leaveBelow : enterAt),
  );
  const level = found?.level ?? 0;
  const named = level === 0 ? null : heard;
  const same = before?.heard?.expression === named?.expression && before?.heard?.seconds === named?.seconds;
  if (before && level === was) return same ? before : { ...before, heard: named };
  return { level, sinceMs: nowMs, heard: named };
}
