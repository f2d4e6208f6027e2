import { LeastDelay } from './least-delay.ts';

/**
 * A network seldom takes longer. A sender whose audio seems older than this when it arrives, or younger than when it was
 * sent, has a wrong wall clock.
 */
const maxDelayMs = 300;
/** Once found wrong, a clock is believed again only if it is right by this margin. */
const trustMarginMs = 50;
/** Changes beyond these are neither a capture that stalled nor drift: the sender has put its clock. */
const maxStallMs = 500;
const maxBackMs = 40;
/** What was told is no longer extrapolated after this long. */
const maxAgeMs = 15_000;

/**
 * What a sender says about when its audio was captured, held against when its packets arrive. All times are offsets:
 * wall clock less media time, in milliseconds.
 *
 * If the delay that follows from it is one that a network can have, the sender's word is taken as it is. If not, its
 * wall clock is wrong: it is moved so that the least delayed packet took no time at all, and only its progress counts.
 */
export class ToldTime {
  readonly #correctable: boolean;
  readonly #delays = new LeastDelay();
  #toldMs = Number.NaN;
  #toldAtMs = 0;
  #trusted = true;

  /**
   * `correctable`: told with the packets themselves, so that the progress of a wrong clock is worth following. If not,
   * a wrong clock is ignored altogether, and so is what was told before all packets of a second came later.
   */
  constructor(correctable: boolean) {
    this.#correctable = correctable;
  }

  /** Takes in the sender's word. */
  tell(offsetMs: number, nowMs: number): void {
    const changeMs = offsetMs - this.#toldMs;
    if (changeMs > maxStallMs || changeMs < -maxBackMs) this.#delays.reset();
    this.#toldMs = offsetMs;
    this.#toldAtMs = nowMs;
  }

  /** Takes in a packet that arrived `arrivalOffsetMs` after its media time, less its own length. */
  arrived(arrivalOffsetMs: number, nowMs: number): void {
    if (Number.isNaN(this.#toldMs)) return;
    if (this.#delays.add(arrivalOffsetMs - this.#toldMs, nowMs) && !this.#correctable) {
      this.reset();
      return;
    }
    const delayMs = this.#delays.leastMs;
    const marginMs = this.#trusted ? 0 : trustMarginMs;
    this.#trusted = delayMs >= 0 && delayMs <= maxDelayMs - marginMs;
  }

  /** The offset to go by; NaN if there is none. */
  offsetMs(nowMs: number): number {
    if (Number.isNaN(this.#toldMs) || nowMs - this.#toldAtMs > maxAgeMs) return Number.NaN;
    if (this.#trusted) return this.#toldMs;
    return this.#correctable ? this.#toldMs + this.#delays.leastMs : Number.NaN;
  }

  reset(): void {
    this.#toldMs = Number.NaN;
    this.#trusted = true;
    this.#delays.reset();
  }
}
