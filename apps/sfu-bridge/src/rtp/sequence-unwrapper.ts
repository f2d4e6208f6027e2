/**
 * Turns 16-bit RTP sequence numbers into numbers that never wrap (RFC 3550 §A.1), taking each as the one nearest
 * to the highest seen. The first comes out as 65,536 above itself, so that reordered earlier ones stay positive.
 */
export class SequenceUnwrapper {
  #highest = -1;

  unwrap(sequenceNumber: number): number {
    if (this.#highest < 0) {
      this.#highest = 0x1_0000 + sequenceNumber;
      return this.#highest;
    }
    const delta = ((sequenceNumber - this.#highest) << 16) >> 16;
    const unwrapped = this.#highest + delta;
    if (unwrapped > this.#highest) this.#highest = unwrapped;
    return unwrapped;
  }

  reset(): void {
    this.#highest = -1;
  }
}
