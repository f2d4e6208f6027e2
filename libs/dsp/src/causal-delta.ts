/** Frames on each side of the middle in the HTK regression. */
const reach = 2;
const span = 2 * reach + 1;
/** 2 · Σ θ², θ = 1 … reach. */
const divisor = 10;

/**
 * How each value of a sequence of frames changes per frame: the regression of The HTK Book (5.16),
 * d[t] = Σ θ · (c[t+θ] − c[t−θ]) / (2 · Σ θ²), θ = 1, 2, shifted by two frames to look back only: what is given at t is
 * HTK's delta at t − 2. Before the first frame, the first is repeated, as HTK does. `push` allocates nothing.
 */
export class CausalDelta {
  readonly #width: number;
  readonly #gain: number;
  /** The newest `span` frames, a ring of rows. */
  readonly #rows: Float64Array;
  /** Row of the newest frame; −1 before the first. */
  #newest = -1;

  /**
   * @param width values of a frame
   * @param gain what the deltas are multiplied by
   */
  constructor(width: number, gain = 1) {
    this.#width = width;
    this.#gain = gain / divisor;
    this.#rows = new Float64Array(span * width);
  }

  /** Takes the frame at `from` in `values` and writes its `width` deltas from `to` on into the same array. */
  push(values: Float32Array, from: number, to: number): void {
    const width = this.#width;
    const rows = this.#rows;
    const isFirst = this.#newest < 0;
    this.#newest = (this.#newest + 1) % span;
    for (let row = 0; row < span; row++) {
      if (row !== this.#newest && !isFirst) continue;
      for (let i = 0; i < width; i++) rows[row * width + i] = values[from + i];
    }
    const newest = this.#newest * width;
    const before1 = ((this.#newest + span - 1) % span) * width;
    const before3 = ((this.#newest + span - 3) % span) * width;
    const before4 = ((this.#newest + span - 4) % span) * width;
    for (let i = 0; i < width; i++) {
      const inner = rows[before1 + i] - rows[before3 + i];
      const outer = rows[newest + i] - rows[before4 + i];
      values[to + i] = this.#gain * (inner + 2 * outer);
    }
  }

  /** Forgets every frame. */
  reset(): void {
    this.#newest = -1;
  }
}
