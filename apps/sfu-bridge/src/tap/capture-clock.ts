import { LeastDelay, maxJitterMs } from './least-delay.ts';
import { rtpClockRateHz } from './rtp-clock.ts';
import { ToldTime } from './told-time.ts';

const ticksPerMs = rtpClockRateHz / 1000;
/** Further off than this no network delay explains it: the sender's clock has jumped. */
const maxErrorMs = 5_000;
/** Share of a small error that is corrected with every packet, so that noise in what a sender tells averages out. */
const correctionShare = 1 / 8;

export type CaptureSource = 'abs-capture-time' | 'sender-report' | 'arrival';

/**
 * Maps a stream's RTP timestamps to the wall clock at which the sound was captured, by the best source there is:
 *
 * 1. abs-capture-time, which comes with the packets;
 * 2. RTCP sender reports (RFC 3550 §6.4.1), as the router passes them on in its own time;
 * 3. arrival: a packet can only come later than it was sent, so the least delayed of many tells the time, and none is
 *    believed to have come before its last sample was captured. It never wanders with jitter, but follows drift; where
 *    all packets of a second come late, the capture stalled.
 *
 * The first two are believed only as far as arrivals bear them out (`ToldTime`).
 */
export class CaptureClock {
  /** Wall clock less media time, in milliseconds; NaN before the first packet. */
  #offsetMs = Number.NaN;
  #source: CaptureSource = 'arrival';
  readonly #arrivals = new LeastDelay();
  readonly #captured = new ToldTime(true);
  readonly #reported = new ToldTime(false);

  /** What the time goes by. */
  get source(): CaptureSource {
    return this.#source;
  }

  /** Capture time of a timestamp (unwrapped), in milliseconds since the Unix epoch. Valid after the first `observe`. */
  captureMs(timestamp: number): number {
    return this.#offsetMs + timestamp / ticksPerMs;
  }

  /**
   * Learns from a packet whose audio of `ticks` length begins at `timestamp`; `toldMs` is the capture time that it
   * carries, or NaN. Its capture ended when it was sent, so it began at least its own length before it arrived.
   * Returns whether the clock had to be anchored anew.
   */
  observe(timestamp: number, ticks: number, arrivalMs: number, toldMs: number): boolean {
    const arrivalOffsetMs = arrivalMs - (timestamp + ticks) / ticksPerMs;
    const jumped = Math.abs(arrivalOffsetMs - this.#offsetMs) > maxErrorMs;
    if (jumped) this.reset();
    this.#arrivals.add(arrivalOffsetMs, arrivalMs);
    if (!Number.isNaN(toldMs)) this.#captured.tell(toldMs - timestamp / ticksPerMs, arrivalMs);
    this.#captured.arrived(arrivalOffsetMs, arrivalMs);
    this.#reported.arrived(arrivalOffsetMs, arrivalMs);

    this.#approach(this.#bestOffsetMs(arrivalMs));
    return jumped;
  }

  /** Learns from a sender report that `timestamp` (unwrapped) was captured at `ntpMs`. */
  report(timestamp: number, ntpMs: number, arrivalMs: number): void {
    this.#reported.tell(ntpMs - timestamp / ticksPerMs, arrivalMs);
  }

  /** Forgets everything: the next packet anchors the clock. */
  reset(): void {
    this.#offsetMs = Number.NaN;
    this.#arrivals.reset();
    this.#captured.reset();
    this.#reported.reset();
  }

  #bestOffsetMs(nowMs: number): number {
    const captured = this.#captured.offsetMs(nowMs);
    this.#source = 'abs-capture-time';
    if (!Number.isNaN(captured)) return captured;
    const reported = this.#reported.offsetMs(nowMs);
    this.#source = 'sender-report';
    if (!Number.isNaN(reported)) return reported;
    this.#source = 'arrival';
    return this.#arrivals.leastMs;
  }

  /** Large errors are corrected at once, small ones little by little. */
  #approach(offsetMs: number): void {
    const errorMs = offsetMs - this.#offsetMs;
    if (Math.abs(errorMs) <= maxJitterMs) this.#offsetMs += errorMs * correctionShare;
    else this.#offsetMs = offsetMs;
  }
}
