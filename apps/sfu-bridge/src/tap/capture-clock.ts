import { rtpClockRateHz } from './rtp-clock.ts';

/** Packets looked at before the clock is put right: one second of speech. */
const windowPackets = 50;
const toleranceMs = 40;
/** Further off than this no network delay explains it: the sender's clock has jumped. */
const maxErrorMs = 5_000;

/**
 * Maps a stream's RTP timestamps to the wall clock at which the sound was captured.
 *
 * Anchored at the first arrival. Later packets may only be later than that by network delay, so when the *least*
 * delayed of `windowPackets` in a row is off by more than `toleranceMs`, the clock itself is off (the capture stalled,
 * the clocks drift, the first packet was held up) and moves by that much. It therefore never wanders with jitter.
 */
export class CaptureClock {
  #anchorTicks = Number.NaN;
  #anchorMs = 0;
  #seen = 0;
  #leastErrorMs = Number.POSITIVE_INFINITY;

  /** Capture time of a timestamp (unwrapped), in milliseconds since the Unix epoch. Valid after the first `observe`. */
  captureMs(timestamp: number): number {
    return this.#anchorMs + ((timestamp - this.#anchorTicks) / rtpClockRateHz) * 1000;
  }

  /**
   * Learns from a packet whose audio of `ticks` length begins at `timestamp`.
   * Its capture ended when it was sent, so it began at least its own length before it arrived.
   * Returns whether the clock had to be anchored anew.
   */
  observe(timestamp: number, ticks: number, arrivalMs: number): boolean {
    const beganMs = arrivalMs - (ticks / rtpClockRateHz) * 1000;
    if (Number.isNaN(this.#anchorTicks)) {
      this.#anchor(timestamp, beganMs);
      return false;
    }
    const errorMs = beganMs - this.captureMs(timestamp);
    if (Math.abs(errorMs) > maxErrorMs) {
      this.#anchor(timestamp, beganMs);
      return true;
    }
    if (errorMs < this.#leastErrorMs) this.#leastErrorMs = errorMs;
    if (++this.#seen === windowPackets) {
      if (Math.abs(this.#leastErrorMs) > toleranceMs) this.#anchorMs += this.#leastErrorMs;
      this.#startWindow();
    }
    return false;
  }

  /** Forgets everything: the next packet anchors the clock. */
  reset(): void {
    this.#anchorTicks = Number.NaN;
  }

  #anchor(timestamp: number, beganMs: number): void {
    this.#anchorTicks = timestamp;
    this.#anchorMs = beganMs;
    this.#startWindow();
  }

  #startWindow(): void {
    this.#seen = 0;
    this.#leastErrorMs = Number.POSITIVE_INFINITY;
  }
}
