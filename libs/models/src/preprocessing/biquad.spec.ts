import { describe, expect, it } from 'vitest';
import {
  type Biquad,
  butterworthLowPass,
  filtered,
  highPass,
  highShelf,
  lowPass,
  peaking,
} from './biquad.ts';

const sampleRateHz = 16_000;

/** Gain at `hz`, by the Fourier sum of the impulse response. */
function gainDb(sections: readonly Biquad[], hz: number): number {
  const impulse = new Float32Array(8_000);
  impulse[0] = 1;
  let [re, im] = [0, 0];
  for (const [i, value] of filtered(impulse, sections).entries()) {
    re += value * Math.cos((2 * Math.PI * hz * i) / sampleRateHz);
    im -= value * Math.sin((2 * Math.PI * hz * i) / sampleRateHz);
  }
  return 10 * Math.log10(re * re + im * im);
}

describe('biquad filters', () => {
  it('pass one side of their frequency, and half of the power there', () => {
    const low = [lowPass(1_000, Math.SQRT1_2, sampleRateHz)];
    expect(gainDb(low, 1_000)).toBeCloseTo(-3.01, 2);
    expect(gainDb(low, 50)).toBeCloseTo(0, 3);
    expect(gainDb(low, 4_000)).toBeLessThan(-24);
    const high = [highPass(300, Math.SQRT1_2, sampleRateHz)];
    expect(gainDb(high, 300)).toBeCloseTo(-3.01, 2);
    expect(gainDb(high, 5_000)).toBeCloseTo(0, 3);
    expect(gainDb(high, 30)).toBeLessThan(-39);
  });

  it('raise or lower what is around their frequency, or above it', () => {
    const peak = [peaking(2_000, 1, -7, sampleRateHz)];
    expect(gainDb(peak, 2_000)).toBeCloseTo(-7, 3);
    expect(gainDb(peak, 20)).toBeCloseTo(0, 2);
    const shelf = [highShelf(1_000, Math.SQRT1_2, 6, sampleRateHz)];
    expect(gainDb(shelf, 1_000)).toBeCloseTo(3, 3);
    expect(gainDb(shelf, 7_900)).toBeCloseTo(6, 2);
    expect(gainDb(shelf, 20)).toBeCloseTo(0, 2);
  });

  it('fall by 6 dB an octave and order beyond a Butterworth corner', () => {
    const steep = butterworthLowPass(1_000, 4, sampleRateHz);
    expect(gainDb(steep, 1_000)).toBeCloseTo(-3.01, 2);
    // 1/(1 + Ω^16) with the prewarped frequency.
    const warped = Math.tan((Math.PI * 1_500) / sampleRateHz) / Math.tan((Math.PI * 1_000) / sampleRateHz);
    expect(gainDb(steep, 1_500)).toBeCloseTo(-10 * Math.log10(1 + warped ** 16), 1);
  });
});
