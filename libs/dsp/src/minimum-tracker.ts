const blockCount = 8;

/**
 * Sliding minimum of each band of a sequence of vectors, over about the last `windowHops` of them.
 * The window moves in blocks of an eighth of its length, so memory and work per vector do not grow with it.
 */
export class MinimumTracker {
  readonly #bands: number;
  readonly #blockHops: number;
  /** Minima of the finished blocks, a ring of rows. */
  readonly #blocks: Float64Array;
  readonly #current: Float64Array;
  readonly #minima: Float64Array;
  #row = 0;
  #hopsInBlock = 0;

  constructor(bands: number, windowHops: number) {
    this.#bands = bands;
    this.#blockHops = Math.max(1, Math.round(windowHops / blockCount));
    this.#blocks = new Float64Array(blockCount * bands);
    this.#current = new Float64Array(bands);
    this.#minima = new Float64Array(bands);
    this.reset();
  }

  /** Takes one vector (length `bands`) and returns the minima, an array that the next call overwrites. */
  push(values: Float64Array): Float64Array {
    const bands = this.#bands;
    const current = this.#current;
    const minima = this.#minima;
    for (let band = 0; band < bands; band++) {
      const value = values[band];
      if (value < current[band]) current[band] = value;
      if (value < minima[band]) minima[band] = value;
    }
    if (++this.#hopsInBlock === this.#blockHops) this.#startBlock();
    return minima;
  }

  reset(): void {
    this.#blocks.fill(Number.POSITIVE_INFINITY);
    this.#current.fill(Number.POSITIVE_INFINITY);
    this.#minima.fill(Number.POSITIVE_INFINITY);
    this.#row = 0;
    this.#hopsInBlock = 0;
  }

  #startBlock(): void {
    const bands = this.#bands;
    this.#blocks.set(this.#current, this.#row * bands);
    this.#row = (this.#row + 1) % blockCount;
    this.#hopsInBlock = 0;
    this.#current.fill(Number.POSITIVE_INFINITY);
    this.#minima.fill(Number.POSITIVE_INFINITY);
    for (let at = 0; at < this.#blocks.length; at += bands) {
      for (let band = 0; band < bands; band++) {
        if (this.#blocks[at + band] < this.#minima[band]) this.#minima[band] = this.#blocks[at + band];
      }
    }
  }
}
