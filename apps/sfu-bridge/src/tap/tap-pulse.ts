import type { Clock } from '../clock.ts';

/** How often time passes for the taps: losses that no packet reveals, silence, frames that wait for credit. */
const tickMs = 20;
/** Behind by more than this, the clock itself has jumped. */
const maxBehindMs = 2_000;

/**
 * Lets time pass for the taps. After a stall of this process the packets that came meanwhile still wait in the sockets
 * while timers are served first; so time then passes at most twice as fast as it does, until it has caught up: the
 * packets are read before their time is told as silence.
 */
export class TapPulse {
  readonly #clock: Clock;
  readonly #tick: (nowMs: number) => void;
  readonly #timer: NodeJS.Timeout;
  #nowMs: number;

  constructor(clock: Clock, tick: (nowMs: number) => void) {
    this.#clock = clock;
    this.#tick = tick;
    this.#nowMs = clock();
    this.#timer = setInterval(() => this.beat(), tickMs);
  }

  /** How far time, as it passes for the taps, is behind the clock. */
  get behindMs(): number {
    return Math.max(0, this.#clock() - this.#nowMs - tickMs);
  }

  beat(): void {
    const nowMs = this.#clock();
    const behindMs = nowMs - this.#nowMs;
    const jumped = behindMs < 0 || behindMs > maxBehindMs;
    this.#nowMs = jumped ? nowMs : Math.min(nowMs, this.#nowMs + 2 * tickMs);
    this.#tick(this.#nowMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
