/** Nothing is known of the time before it. */
const longestMs = 1_000;
const firstMs = 200;

/** How long each point of a voice stands for: the time since the one before it, up to a second. */
export class PointSpan {
  #lastAtMs: number | null = null;

  /** Of the next point in order of time, which is at `atMs`. */
  next(atMs: number): number {
    const lasted = this.#lastAtMs === null ? firstMs : Math.min(atMs - this.#lastAtMs, longestMs);
    this.#lastAtMs = atMs;
    return lasted;
  }
}
