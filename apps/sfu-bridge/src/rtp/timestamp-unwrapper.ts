/**
 * Turns 32-bit RTP timestamps (RFC 3550 §5.1) into numbers that never wrap, taking each as the one nearest to the newest.
 * At Opus's 48 kHz a wrap comes every 24.9 hours and distances up to 12.4 hours are told right.
 */
export class TimestampUnwrapper {
  #newest = -1;

  unwrap(timestamp: number): number {
    if (this.#newest < 0) {
      this.#newest = 0x1_0000_0000 + timestamp;
      return this.#newest;
    }
    const unwrapped = this.nearest(timestamp);
    if (unwrapped > this.#newest) this.#newest = unwrapped;
    return unwrapped;
  }

  /** The same without learning from it; NaN before the first timestamp. */
  nearest(timestamp: number): number {
    if (this.#newest < 0) return Number.NaN;
    return this.#newest + ((timestamp - (this.#newest % 0x1_0000_0000)) | 0);
  }

  reset(): void {
    this.#newest = -1;
  }
}
