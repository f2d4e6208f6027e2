import { opusFrameMs } from './opus-track.ts';

/** Later than this, frames are left out instead of being sent in a burst (a suspended laptop, a stopped process). */
const maxLagMs = 500;

/** What the frame clock needs of the machine's time. */
export interface TimeSource {
  /** Monotonic, milliseconds. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  /** Calls back once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemTime: TimeSource = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Counts 20 ms slots from its start. Every slot is due at start + slot × 20 ms, however late the one before it was,
 * so timer jitter never adds up to drift.
 */
export class FrameClock {
  readonly #time: TimeSource;
  readonly #onSlot: (slot: number, wallMs: number) => void;
  #startMs = 0;
  #nextSlot = 0;
  #leftOut = 0;
  #cancel: (() => void) | null = null;

  /** @param onSlot called with the slot and the wall clock at which it was due */
  constructor(time: TimeSource, onSlot: (slot: number, wallMs: number) => void) {
    this.#time = time;
    this.#onSlot = onSlot;
  }

  /** Slots that passed without a call because the process was held up for too long. */
  get leftOut(): number {
    return this.#leftOut;
  }

  start(): void {
    if (this.#cancel !== null) return;
    this.#startMs = this.#time.nowMs();
    this.#nextSlot = 0;
    this.#cancel = this.#time.after(0, this.#run);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  readonly #run = (): void => {
    const nowMs = this.#time.nowMs();
    const nowSlot = Math.floor((nowMs - this.#startMs) / opusFrameMs);
    if ((nowSlot - this.#nextSlot) * opusFrameMs > maxLagMs) {
      this.#leftOut += nowSlot - this.#nextSlot;
      this.#nextSlot = nowSlot;
    }
    const wallOfStartMs = this.#time.wallMs() - (nowMs - this.#startMs);
    // Armed before the calls, so that `stop` inside one of them holds.
    this.#cancel = this.#time.after(this.#startMs + (nowSlot + 1) * opusFrameMs - nowMs, this.#run);
    while (this.#nextSlot <= nowSlot && this.#cancel !== null) {
      const slot = this.#nextSlot++;
      this.#onSlot(slot, wallOfStartMs + slot * opusFrameMs);
    }
  };
}
