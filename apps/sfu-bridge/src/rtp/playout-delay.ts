export interface PlayoutDelayOptions {
  minMs: number;
  maxMs: number;
  /** RTP clock of the timestamps. */
  clockRateHz: number;
}

/** The mean deviation, times this, covers nearly all packets of a jittery network. */
const jitterFactor = 4;
/** A packet that came too late is the next time waited for a little longer than it would have taken. */
const lateFactor = 1.2;
/** Share by which the delay shrinks with every packet: halved in 14 s of speech. */
const shrinkShare = 1 / 1_000;
/** Larger differences in transit are a clock that stood still or a stall, no jitter. */
const maxTransitChangeMs = 1_000;

/**
 * How long it is worth waiting for a packet that is missing: four times the interarrival jitter (RFC 3550 §6.4.1 and §A.8),
 * and long enough for those that came too late before. Grows at once, shrinks slowly, within its bounds.
 */
export class PlayoutDelay {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #ticksPerMs: number;
  #delayMs: number;
  #jitterMs = 0;
  #transitMs = Number.NaN;

  constructor(options: PlayoutDelayOptions) {
    this.#minMs = options.minMs;
    this.#maxMs = Math.max(options.minMs, options.maxMs);
    this.#ticksPerMs = options.clockRateHz / 1000;
    this.#delayMs = options.minMs;
  }

  get delayMs(): number {
    return this.#delayMs;
  }

  /** Takes in a packet, in the order of arrival. */
  arrived(timestamp: number, arrivalMs: number): void {
    const transitMs = arrivalMs - timestamp / this.#ticksPerMs;
    const changeMs = Math.abs(transitMs - this.#transitMs);
    this.#transitMs = transitMs;
    if (changeMs <= maxTransitChangeMs) this.#jitterMs += (changeMs - this.#jitterMs) / 16;
    this.#delayMs = this.#bounded(Math.max(this.#delayMs * (1 - shrinkShare), jitterFactor * this.#jitterMs));
  }

  /** Takes in that a packet came after it was given up; waiting `neededMs` would have caught it. */
  cameLate(neededMs: number): void {
    // One that no permitted delay would have caught is no reason to wait for others.
    if (neededMs <= this.#maxMs)
      this.#delayMs = this.#bounded(Math.max(this.#delayMs, lateFactor * neededMs));
  }

  #bounded(delayMs: number): number {
    return Math.min(this.#maxMs, Math.max(this.#minMs, delayMs));
  }
}
