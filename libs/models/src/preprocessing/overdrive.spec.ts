import { describe, expect, it } from 'vitest';
import { overdriven } from './overdrive.ts';

const tone = Float32Array.from({ length: 1_000 }, (_, i) => 0.4 * Math.sin(i / 10));
const peak = (samples: Float32Array) => Math.max(...samples.map(Math.abs));

describe('overdrive', () => {
  it('cuts hard what exceeds the range, and nothing else', () => {
    const cut = overdriven(tone, 6, 'hard');
    const limit = peak(tone) / 10 ** (6 / 20);
    expect(peak(cut)).toBeCloseTo(limit, 6);
    for (const [i, sample] of tone.entries()) {
      if (Math.abs(sample) < limit) expect(cut[i]).toBe(sample);
    }
  });

  it('bends softly before it cuts', () => {
    const bent = overdriven(tone, 12, 'soft');
    const limit = peak(tone) / 10 ** (12 / 20);
    expect(peak(bent)).toBeLessThan(limit);
    expect(peak(bent)).toBeGreaterThan(0.99 * limit);
    // Quiet samples pass: tanh has slope 1 at 0.
    expect(overdriven(Float32Array.of(0.001, 0.4), 12, 'soft')[0]).toBeCloseTo(0.001, 6);
  });

  it('has nothing to do in silence', () => {
    expect(overdriven(new Float32Array(10), 6, 'soft')).toEqual(new Float32Array(10));
  });
});
