/** Packets looked at together: one second of speech. */
const blockPackets = 50;
/** With few packets (DTX) a block ends by time, so that clock drift within it stays small. */
const blockMs = 4_000;
const keptBlocks = 8;
/** A block in which every delay is higher than before by this is no jitter: the constant itself has changed. */
export const maxJitterMs = 40;
/** After a pause of this length, drift has made older delays worthless. */
const maxIdleMs = 5_000;

/**
 * The least of many delays, in milliseconds, each made of a constant and of what the network added, which is never
 * negative: the least is nearest to the constant. A lower one counts at once, a small rise when the blocks that hold
 * lower ones have passed, so that a drifting clock is followed, and a large one after one block.
 */
export class LeastDelay {
  readonly #blocks = new Float64Array(keptBlocks).fill(Number.POSITIVE_INFINITY);
  #block = 0;
  #packets = 0;
  #blockStartMs = 0;
  #lastMs = 0;
  #currentMs = Number.POSITIVE_INFINITY;
  #keptMs = Number.POSITIVE_INFINITY;

  /** Infinity before the first delay. */
  get leastMs(): number {
    return Math.min(this.#keptMs, this.#currentMs);
  }

  /** Takes in one delay; returns whether the constant has risen by more than jitter explains. */
  add(delayMs: number, nowMs: number): boolean {
    if (nowMs - this.#lastMs > maxIdleMs) this.reset();
    this.#lastMs = nowMs;
    if (this.#packets === 0) this.#blockStartMs = nowMs;
    if (delayMs < this.#currentMs) this.#currentMs = delayMs;
    this.#packets++;
    if (this.#packets < blockPackets && nowMs - this.#blockStartMs < blockMs) return false;
    return this.#endBlock();
  }

  reset(): void {
    this.#blocks.fill(Number.POSITIVE_INFINITY);
    this.#keptMs = Number.POSITIVE_INFINITY;
    this.#startBlock();
  }

  #endBlock(): boolean {
    const rose = this.#currentMs - this.#keptMs > maxJitterMs;
    if (rose) this.#blocks.fill(Number.POSITIVE_INFINITY);
    this.#blocks[this.#block] = this.#currentMs;
    this.#block = (this.#block + 1) % keptBlocks;
    this.#keptMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < keptBlocks; i++) this.#keptMs = Math.min(this.#keptMs, this.#blocks[i]);
    this.#startBlock();
    return rose;
  }

  #startBlock(): void {
    this.#currentMs = Number.POSITIVE_INFINITY;
    this.#packets = 0;
  }
}
