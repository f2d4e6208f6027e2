import { array, assert, constantFrom, double, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeWindow, ticks } from './time-window.ts';

const liveMs = 1_000_000;
const firstMs = 400_000;

describe('a time window', () => {
  test('follows the live edge until somebody looks back', () => {
    const window = new TimeWindow(60_000, 900_000);
    expect(window.range(liveMs)).toEqual({ startMs: 940_000, endMs: 1_000_000 });
    expect(window.range(liveMs + 5_000).endMs).toBe(1_005_000);
    window.pan(-30_000, liveMs, firstMs);
    expect(window.following).toBe(false);
    expect(window.range(liveMs + 60_000)).toEqual({ startMs: 910_000, endMs: 970_000 });
  });

  test('follows again when panned to the live edge or told to', () => {
    const window = new TimeWindow(60_000, 900_000);
    window.pan(-30_000, liveMs, firstMs);
    window.pan(40_000, liveMs, firstMs);
    expect(window.following).toBe(true);
    window.pan(-30_000, liveMs, firstMs);
    window.follow();
    expect(window.following).toBe(true);
  });

  test('keeps the moment under the pointer in its place while zooming', () => {
    const window = new TimeWindow(60_000, 900_000);
    window.pan(-100_000, liveMs, firstMs);
    const before = window.range(liveMs);
    const anchorMs = before.startMs + 15_000;
    window.zoom(0.5, anchorMs, liveMs);
    const { startMs, endMs } = window.range(liveMs);
    expect(endMs - startMs).toBe(30_000);
    expect((anchorMs - startMs) / (endMs - startMs)).toBeCloseTo(0.25);
  });

  test('keeps following while zooming', () => {
    const window = new TimeWindow(60_000, 900_000);
    window.zoom(2, liveMs - 50_000, liveMs);
    expect(window.range(liveMs)).toEqual({ startMs: liveMs - 120_000, endMs: liveMs });
  });

  test('never leaves the call nor its limits, whatever is done', () => {
    const act = oneof(
      record({ kind: constantFrom('pan' as const), by: double({ min: -1e6, max: 1e6, noNaN: true }) }),
      record({ kind: constantFrom('zoom' as const), by: double({ min: 0.1, max: 10, noNaN: true }) }),
    );
    assert(
      property(array(act, { maxLength: 30 }), (acts) => {
        const window = new TimeWindow(60_000, 900_000);
        for (const { kind, by } of acts) {
          if (kind === 'pan') window.pan(by, liveMs, firstMs);
          else window.zoom(by, liveMs - 10_000, liveMs);
          const { startMs, endMs } = window.range(liveMs);
          expect(endMs).toBeLessThanOrEqual(liveMs);
          expect(endMs - startMs).toBeGreaterThanOrEqual(4_999);
          expect(endMs - startMs).toBeLessThanOrEqual(900_001);
        }
      }),
    );
  });
});

describe('ticks', () => {
  test('are round moments, no more than asked for', () => {
    expect(ticks({ startMs: 12_300, endMs: 72_300 }, 5)).toEqual([15_000, 30_000, 45_000, 60_000]);
    expect(ticks({ startMs: 0, endMs: 900_000 }, 8)).toHaveLength(8);
  });
});
