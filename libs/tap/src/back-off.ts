/** How long to wait before the next attempt: doubling from `firstMs` to `longestMs`, less up to a half at random. */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** @param random uniform in 0 … 1; spreads many clients of a server that restarts */
  constructor(firstMs: number, longestMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  next(): number {
    const ceilingMs = Math.min(this.#longestMs, this.#firstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 32);
    return ceilingMs * (1 - 0.5 * this.#random());
  }

  /** The attempt succeeded. */
  reset(): void {
    this.#failures = 0;
  }
}
