const firstMs = 250;
const longestMs = 2_000;

/** How long to wait before the next attempt to connect: doubling from 250 ms to 2 s, less up to a half at random. */
export class BackOff {
  #failures = 0;
  readonly #random: () => number;

  /** @param random uniform in 0 … 1; spreads many clients of a server that restarts */
  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const ceilingMs = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures++;
    return ceilingMs * (1 - 0.5 * this.#random());
  }

  /** The attempt succeeded. */
  reset(): void {
    this.#failures = 0;
  }
}
