import { describe, expect, it } from 'vitest';
import { CaptureClock } from './capture-clock.ts';

const epochMs = 1_700_000_000_000;
const packetTicks = 960;

/** A sender of 20 ms packets whose capture began at `epochMs`; packet `n` arrives 20 ms after it began, plus `delayMs`. */
const observe = (clock: CaptureClock, n: number, delayMs: number) =>
  clock.observe(n * packetTicks, packetTicks, epochMs + 20 * n + 20 + delayMs, Number.NaN);

describe('CaptureClock', () => {
  it('puts the first packet at its arrival less its own length, and the others by their timestamps', () => {
    const clock = new CaptureClock();
    observe(clock, 0, 0);
    expect(clock.captureMs(0)).toBe(epochMs);
    expect(clock.captureMs(50 * packetTicks)).toBe(epochMs + 1_000);
  });

  it('does not follow jitter', () => {
    const clock = new CaptureClock();
    for (let n = 0; n < 1_000; n++) observe(clock, n, (n * 37) % 30);
    expect(clock.captureMs(0)).toBe(epochMs);
  });

  it('moves on after the capture stalled', () => {
    const clock = new CaptureClock();
    for (let n = 0; n < 100; n++) observe(clock, n, 0);
    for (let n = 100; n < 200; n++) observe(clock, n, 700 + (n % 7));
    expect(clock.captureMs(200 * packetTicks)).toBeCloseTo(epochMs + 4_000 + 700, 6);
  });

  it('moves back if the packet that it was anchored by was held up', () => {
    const clock = new CaptureClock();
    observe(clock, 0, 300);
    for (let n = 1; n < 100; n++) observe(clock, n, 0);
    expect(clock.captureMs(0)).toBeCloseTo(epochMs, 6);
  });

  it('stays within its tolerance of a sender whose clock runs 200 ppm fast or slow for an hour', () => {
    for (const skew of [1 + 200e-6, 1 - 200e-6]) {
      const clock = new CaptureClock();
      let worstMs = 0;
      for (let n = 0; n < 180_000; n++) {
        const beganMs = epochMs + 20 * n * skew;
        clock.observe(n * packetTicks, packetTicks, beganMs + 20, Number.NaN);
        worstMs = Math.max(worstMs, Math.abs(clock.captureMs(n * packetTicks) - beganMs));
      }
      expect(worstMs).toBeLessThan(45);
    }
  });

  it('goes by abs-capture-time while it comes, else by sender reports, else by arrival', () => {
    const clock = new CaptureClock();
    const networkMs = 60;
    let n = 0;
    /** Packets that tell their capture time or not; reports, 10 ms off, come every second or not. Returns the error. */
    const play = (seconds: number, told: boolean, reported: boolean): number => {
      for (const end = n + 50 * seconds; n < end; n++) {
        const beganMs = epochMs + 20 * n;
        const arrivalMs = beganMs + 20 + networkMs;
        if (reported && n % 50 === 0) clock.report(n * packetTicks, beganMs + 10, arrivalMs);
        clock.observe(n * packetTicks, packetTicks, arrivalMs, told ? beganMs : Number.NaN);
      }
      return clock.captureMs(n * packetTicks) - (epochMs + 20 * n);
    };
    expect(play(4, false, false)).toBeCloseTo(networkMs, 2);
    expect(clock.source).toBe('arrival');
    expect(play(4, false, true)).toBeCloseTo(10, 2);
    expect(clock.source).toBe('sender-report');
    expect(play(4, true, true)).toBeCloseTo(0, 2);
    expect(clock.source).toBe('abs-capture-time');
    // What was told last is believed for 15 s more; then the reports, and when they are as old, arrival.
    expect(play(17, false, true)).toBeCloseTo(10, 2);
    expect(clock.source).toBe('sender-report');
    expect(play(17, false, false)).toBeCloseTo(networkMs, 2);
    expect(clock.source).toBe('arrival');
  });

  it('is anchored anew by a timestamp that no delay explains, and says so', () => {
    const clock = new CaptureClock();
    observe(clock, 0, 0);
    expect(clock.observe(90_000_000, packetTicks, epochMs + 40, Number.NaN)).toBe(true);
    expect(clock.captureMs(90_000_000)).toBe(epochMs + 20);
  });

  it('takes the next packet as its anchor after a reset', () => {
    const clock = new CaptureClock();
    observe(clock, 0, 0);
    clock.reset();
    observe(clock, 10, 2_000);
    expect(clock.captureMs(10 * packetTicks)).toBe(epochMs + 2_200);
  });
});
