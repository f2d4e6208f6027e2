import { describe, expect, it } from 'vitest';
import { OwnNormal } from './own-normal.ts';

/** A voice whose valence goes to and fro between `mean` ± `deviation`, and whose arousal never moves. */
function acquainted(mean: number, deviation: number, points = 100): OwnNormal {
  const normal = new OwnNormal();
  for (let i = 0; i < points; i++) normal.change(mean + (i % 2 === 0 ? deviation : -deviation), 0.3);
  return normal;
}

describe('OwnNormal', () => {
  it('has nothing to compare with for the first twenty seconds of speech', () => {
    const normal = new OwnNormal();
    const changes = Array.from({ length: 101 }, () => normal.change(0.1, 0.2));
    expect(changes.slice(0, 100)).toEqual(Array(100).fill(null));
    expect(changes[100]).not.toBeNull();
  });

  it('measures in deviations of the speaker themselves', () => {
    expect(acquainted(0.4, 0.1).change(0.6, 0.3)?.valence).toBeCloseTo(2, 6);
    expect(acquainted(0.4, 0.1).change(0.25, 0.3)?.valence).toBeCloseTo(-1.5, 6);
    expect(acquainted(-0.2, 0.3).change(-0.2, 0.3)?.valence).toBeCloseTo(0, 6);
  });

  it('takes a voice that never moves to have a small deviation, and limits the change', () => {
    expect(acquainted(0, 0.2).change(0, 0.35)?.arousal).toBeCloseTo(1, 6);
    expect(acquainted(0, 0.2).change(-1, 1)).toEqual({ valence: -4, arousal: 4 });
  });

  it('follows a speaker who changes for good, slowly', () => {
    const normal = acquainted(0, 0.1, 3_000);
    const first = normal.change(0.4, 0.3)?.valence as number;
    for (let i = 0; i < 12_000; i++) normal.change(0.4 + (i % 2 === 0 ? 0.1 : -0.1), 0.3);
    expect(first).toBeGreaterThan(3.9);
    expect(Math.abs(normal.change(0.4, 0.3)?.valence ?? 9)).toBeLessThan(0.3);
  });
});
