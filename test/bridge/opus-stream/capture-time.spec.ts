import { describe, expect, it } from 'vitest';
import { simulateHour } from './simulated-hour.ts';

const hours = { skew: 0, wallErrorMs: null, reportErrorMs: null, seed: 1 };

describe('OpusStream, an hour of capture time', () => {
  it.each([
    ['arrivals of a clock that runs 200 ppm fast', 'arrival', { ...hours, skew: 200e-6, seed: 2 }],
    ['arrivals of a clock that runs 200 ppm slow', 'arrival', { ...hours, skew: -200e-6, seed: 3 }],
    ['abs-capture-time', 'abs-capture-time', { ...hours, wallErrorMs: 0, skew: 200e-6, seed: 4 }],
    [
      'abs-capture-time, three hours off, slow',
      'abs-capture-time',
      { ...hours, wallErrorMs: -10_800_000, skew: -200e-6, seed: 6 },
    ],
    ['sender reports', 'sender-report', { ...hours, reportErrorMs: 2, skew: 200e-6, seed: 7 }],
    ['sender reports a day off', 'arrival', { ...hours, reportErrorMs: 86_400_000, seed: 8 }],
  ] as const)('puts every marker within 20 ms of its true place by %s', (_, source, circumstances) => {
    const { errorsMs, markers, counters, overlapMs } = simulateHour(circumstances);
    expect(markers).toBeGreaterThan(500);
    expect(errorsMs.length).toBeGreaterThan(0.97 * markers);
    expect(Math.max(...errorsMs)).toBeLessThan(20);
    expect(Math.min(...errorsMs)).toBeGreaterThan(-20);
    expect(overlapMs).toBeLessThan(1.6);
    expect(counters.timedPackets[source]).toBeGreaterThan(0.9 * counters.decodedPackets);
  });
});
