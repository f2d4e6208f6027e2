const windowMs = 30_000;

/**
 * What time it is on the clock that stamps the points. A browser's own clock may be wrong by minutes, so the right edge
 * of a live timeline is taken from the points themselves: the least delayed of the last half minute.
 */
export class LiveClock {
  readonly #now: () => number;
  #best = Number.NEGATIVE_INFINITY;
  #bestBefore = Number.NEGATIVE_INFINITY;
  #windowStartMs = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A point of capture time `atMs` has just arrived. */
  observe(atMs: number): void {
    const now = this.#now();
    if (now - this.#windowStartMs >= windowMs) {
      this.#bestBefore = this.#best;
      this.#best = Number.NEGATIVE_INFINITY;
      this.#windowStartMs = now;
    }
    this.#best = Math.max(this.#best, atMs - now);
  }

  /** Capture time of now, milliseconds since the Unix epoch. */
  now(): number {
    const offset = Math.max(this.#best, this.#bestBefore);
    return this.#now() + (Number.isFinite(offset) ? offset : 0);
  }
}
