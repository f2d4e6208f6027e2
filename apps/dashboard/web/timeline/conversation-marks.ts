import { startOfPoint } from '@undertone/overlay';
import type { PointHistory } from '@undertone/wire';
import { pointStates } from '@undertone/wire';
import type { TimeRange } from './time-window.ts';

/** Shorter than this, speaking at once is how people take turns. */
const talkOverFromMs = 1_000;
/** Breaks in it as short as this don't end a talk-over: they are the steps of the judgement. */
const talkOverBreakMs = 400;
/** A pause of everyone as long as this is marked. */
const longSilenceFromMs = 8_000;
/** How far before the shown stretch a mark can have begun with its length told right. */
const lookBackMs = 120_000;

const silence = pointStates.indexOf('silence');

export interface ConversationMark {
  kind: 'talk-over' | 'long-silence';
  startMs: number;
  endMs: number;
}

/** A voice of the call, and when it was in it. */
export interface CallVoice {
  history: PointHistory;
  joinedAtMs: number;
  leftAtMs: number | null;
}

/**
 * Where voices speak at once, and where for long nobody does, oldest first.
 *
 * @param voices the analysed ones; of the others nothing is known
 * @param complete whether that is everyone: if not, what looks like silence may be somebody who isn't analysed
 */
export function conversationMarks(
  voices: readonly CallVoice[],
  complete: boolean,
  range: TimeRange,
): ConversationMark[] {
  const edges: { ms: number; speaking: number; silent: number }[] = [];
  const span = (startMs: number, endMs: number, speaking: number, silent: number): void => {
    if (endMs <= startMs) return;
    edges.push({ ms: startMs, speaking, silent }, { ms: endMs, speaking: -speaking, silent: -silent });
  };
  const beganMs = Math.min(...voices.map(({ joinedAtMs }) => joinedAtMs));
  const fromMs = Math.max(range.startMs - lookBackMs, beganMs);
  for (const { history, joinedAtMs, leftAtMs } of voices) {
    // Whoever isn't in the call is silent in it.
    span(fromMs, joinedAtMs, 0, 1);
    if (leftAtMs !== null) span(Math.max(fromMs, leftAtMs), range.endMs, 0, 1);
    const last = Math.min(history.end, history.indexAfter(range.endMs) + 1);
    for (let i = history.indexAfter(fromMs); i < last; ) {
      const startMs = startOfPoint(history, i);
      const silent = history.state[i] === silence;
      let endMs = history.atMs[i++];
      while (i < last && (history.state[i] === silence) === silent && startOfPoint(history, i) === endMs)
        endMs = history.atMs[i++];
      span(Math.max(startMs, joinedAtMs), Math.min(endMs, leftAtMs ?? endMs), silent ? 0 : 1, silent ? 1 : 0);
    }
  }
  edges.sort((a, b) => a.ms - b.ms);

  const marks: ConversationMark[] = [];
  let [speaking, silent, sinceMs] = [0, 0, fromMs];
  for (const edge of edges) {
    if (edge.ms > sinceMs) {
      if (speaking >= 2) extend(marks, 'talk-over', sinceMs, edge.ms, talkOverBreakMs);
      else if (complete && speaking === 0 && silent >= voices.length)
        extend(marks, 'long-silence', sinceMs, edge.ms, 0);
    }
    speaking += edge.speaking;
    silent += edge.silent;
    sinceMs = edge.ms;
  }
  return marks.filter(({ kind, startMs, endMs }) => {
    const lasts = endMs - startMs >= (kind === 'talk-over' ? talkOverFromMs : longSilenceFromMs);
    return lasts && endMs > range.startMs && startMs < range.endMs;
  });
}

/** Adds to the last mark if it is of that kind and ended no longer than `breakMs` ago. */
function extend(
  marks: ConversationMark[],
  kind: ConversationMark['kind'],
  startMs: number,
  endMs: number,
  breakMs: number,
): void {
  const last = marks.at(-1);
  if (last?.kind === kind && startMs - last.endMs <= breakMs) last.endMs = endMs;
  else marks.push({ kind, startMs, endMs });
}
