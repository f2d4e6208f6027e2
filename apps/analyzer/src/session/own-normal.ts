import type { EmotionPoint } from '@undertone/wire';

/** Points of speech before there is a normal to differ from: twenty seconds. */
const warmUpPoints = 100;
/** Beyond this many points the normal forgets exponentially: ten minutes of speech. */
const memoryPoints = 3_000;
/** A voice that never moved has no deviation to measure by. */
const leastDeviation = 0.05;
const limit = 4;

type Change = NonNullable<EmotionPoint['change']>;

/** Running mean and variance in constant memory (West 1979), exponentially forgetting once `memoryPoints` are reached. */
class RunningNormal {
  #count = 0;
  #mean = 0;
  #variance = 0;

  add(value: number): void {
    if (this.#count < memoryPoints) this.#count++;
    const share = 1 / this.#count;
    const off = value - this.#mean;
    this.#mean += share * off;
    this.#variance = (1 - share) * (this.#variance + share * off * off);
  }

  /** How many deviations `value` is from the mean, at most 4. */
  deviations(value: number): number {
    const z = (value - this.#mean) / Math.max(leastDeviation, Math.sqrt(this.#variance));
    return Math.max(-limit, Math.min(limit, z));
  }
}

/**
 * One speaker's own normal: how valence and arousal usually are over their points of speech, so that a voice that is
 * always lively is not taken for a change. A point is measured against those before it, then becomes part of the normal.
 */
export class OwnNormal {
  readonly #valence = new RunningNormal();
  readonly #arousal = new RunningNormal();
  #points = 0;

  /** The change of a point of speech against the points before, in deviations; null during the first twenty seconds of speech. */
  change(valence: number, arousal: number): Change | null {
    const change =
      this.#points < warmUpPoints
        ? null
        : { valence: this.#valence.deviations(valence), arousal: this.#arousal.deviations(arousal) };
    this.#points++;
    this.#valence.add(valence);
    this.#arousal.add(arousal);
    return change;
  }
}
