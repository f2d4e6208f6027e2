import { type EmotionPoint, expressions, type SpeakerReport } from '@undertone/wire';
import { PointSpan } from '../calls/point-span.ts';

/** A stretch in which somebody speaks, in capture time. */
export interface SpeechRun {
  fromMs: number;
  untilMs: number;
}

/** Sums up the points of one speaker. */
export class SpeakerTally {
  readonly runs: SpeechRun[] = [];
  speechMs = 0;
  #silenceMs = 0;
  #concealedMs = 0;
  #judgedMs = 0;
  #valence = 0;
  #arousal = 0;
  #confidence = 0;
  readonly #likeliestMs = new Float64Array(expressions.length);
  readonly #span = new PointSpan();

  /** Takes the next point in order of time. */
  add({ atMs, state, probabilities, valence, arousal, confidence }: EmotionPoint): void {
    const lasted = this.#span.next(atMs);
    if (state === 'silence') {
      this.#silenceMs += lasted;
      return;
    }
    if (state === 'concealed') {
      this.#concealedMs += lasted;
      return;
    }
    this.speechMs += lasted;
    this.#extendRun(atMs - lasted, atMs);
    if (!probabilities || valence === null || arousal === null) return;
    this.#judgedMs += lasted;
    this.#valence += valence * lasted;
    this.#arousal += arousal * lasted;
    this.#confidence += confidence * lasted;
    this.#likeliestMs[probabilities.indexOf(Math.max(...probabilities))] += lasted;
  }

  /** @param everyoneMs how long all speakers of the call spoke together */
  report(speakerId: string, everyoneMs: number): SpeakerReport {
    const mean = (sum: number): number | null =>
      this.#judgedMs === 0 ? null : Math.round((sum / this.#judgedMs) * 10_000) / 10_000;
    return {
      speakerId,
      speechMs: this.speechMs,
      silenceMs: this.#silenceMs,
      concealedMs: this.#concealedMs,
      talkShare: everyoneMs === 0 ? null : this.speechMs / everyoneMs,
      expressionShares:
        this.#judgedMs === 0 ? null : Array.from(this.#likeliestMs, (ms) => ms / this.#judgedMs),
      valence: mean(this.#valence),
      arousal: mean(this.#arousal),
      confidence: mean(this.#confidence),
    };
  }

  #extendRun(fromMs: number, untilMs: number): void {
    const last = this.runs.at(-1);
    if (last && fromMs <= last.untilMs) last.untilMs = untilMs;
    else this.runs.push({ fromMs, untilMs });
  }
}

/** How long two or more spoke at once, and the longest stretch between two runs of anybody's. */
export function turnTaking(tallies: readonly { runs: SpeechRun[] }[]): {
  overlapMs: number;
  longestSilenceMs: number;
} {
  const changes = tallies
    .flatMap(({ runs }) =>
      runs.flatMap(({ fromMs, untilMs }) => [
        { atMs: fromMs, by: 1 },
        { atMs: untilMs, by: -1 },
      ]),
    )
    .sort((a, b) => a.atMs - b.atMs || b.by - a.by);
  let speaking = 0;
  let sinceMs = changes[0]?.atMs ?? 0;
  let overlapMs = 0;
  let longestSilenceMs = 0;
  for (const { atMs, by } of changes) {
    if (speaking >= 2) overlapMs += atMs - sinceMs;
    else if (speaking === 0) longestSilenceMs = Math.max(longestSilenceMs, atMs - sinceMs);
    speaking += by;
    sinceMs = atMs;
  }
  return { overlapMs, longestSilenceMs };
}
