import { describe, expect, it } from 'vitest';
import { measureLevelDb, meterFraction } from './voice-level.ts';

describe('measureLevelDb', () => {
  it('is −3 dBFS for a full-scale sine and −Infinity for silence', () => {
    const sine = Float32Array.from({ length: 1_000 }, (_, i) => Math.sin((2 * Math.PI * i) / 100));
    expect(measureLevelDb(sine)).toBeCloseTo(-3.01, 2);
    expect(measureLevelDb(new Float32Array(1_000))).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('meterFraction', () => {
  it('is empty for silence, full for loud speech and rises between', () => {
    expect(meterFraction(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(meterFraction(-60)).toBe(0);
    expect(meterFraction(-35)).toBe(0.5);
    expect(meterFraction(-3)).toBe(1);
  });
});
