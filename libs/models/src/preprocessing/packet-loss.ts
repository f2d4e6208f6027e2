import type { SeededRandom } from '../seeded-random.ts';

/** What a line loses over a long time. */
export interface LossPattern {
  /** Share of packets lost, below 1. */
  lossShare: number;
  /** Mean number of packets lost in a row, at least 1. */
  burstPackets: number;
}

/**
 * Losses that come in bursts: a Markov chain of a good state, where every packet arrives, and a bad one, where none does
 * (Gilbert 1960, "Capacity of a burst-noise channel"; Elliott 1963 with loss probabilities 0 and 1). It starts as it
 * goes on: bad with probability `lossShare`.
 */
export class BurstyLoss {
  readonly #random: SeededRandom;
  readonly #toBad: number;
  readonly #toGood: number;
  #bad: boolean;

  /** @throws RangeError if no chain loses that much in bursts so short */
  constructor({ lossShare, burstPackets }: LossPattern, random: SeededRandom) {
    this.#random = random;
    this.#toGood = 1 / burstPackets;
    this.#toBad = (lossShare * this.#toGood) / (1 - lossShare);
    if (!(lossShare >= 0 && lossShare < 1 && burstPackets >= 1 && this.#toBad <= 1)) {
      throw new RangeError(`a line can't lose ${lossShare} of its packets in bursts of ${burstPackets}`);
    }
    this.#bad = random.next() < lossShare;
  }

  /** Whether the next packet is lost. */
  next(): boolean {
    const lost = this.#bad;
    this.#bad = this.#random.next() < (lost ? 1 - this.#toGood : this.#toBad);
    return lost;
  }
}
