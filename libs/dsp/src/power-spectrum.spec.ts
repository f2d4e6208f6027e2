import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PowerSpectrum } from './power-spectrum.ts';
import { kernelSourceHash } from './power-spectrum-kernel.ts';

/** Straight from the definition: no code shared with the kernel. */
function directPower(
  samples: Int16Array,
  window: Float64Array,
  fftSize: number,
  preEmphasis: number,
): number[] {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const weighted = Array.from(samples, (sample, i) => {
    const before = samples[Math.max(0, i - 1)] - mean;
    return (sample - mean - preEmphasis * before) * window[i];
  });
  return Array.from({ length: fftSize / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    weighted.forEach((value, i) => {
      re += value * Math.cos((2 * Math.PI * k * i) / fftSize);
      im -= value * Math.sin((2 * Math.PI * k * i) / fftSize);
    });
    return re * re + im * im;
  });
}

const loud = (count: number, seed: number) =>
  Int16Array.from({ length: count }, (_, i) => 32_767 * Math.sin(seed + i * i));

describe('the power spectrum', () => {
  it.each([
    [8, 8],
    [8, 3],
    [16, 1],
    [32, 29],
    [64, 64],
    [128, 90],
    [512, 400],
    [512, 401],
    [1_024, 1_023],
    [2_048, 1_800],
  ])('of %i points over %i samples agrees with the direct transform', (fftSize, count) => {
    const window = Float64Array.from({ length: count }, (_, i) => 1 + Math.cos(i));
    const spectrum = new PowerSpectrum(window, fftSize, 0.97);
    // Twice, since what the first window leaves in memory must not show in the second.
    for (const seed of [0.3, 1.7]) {
      const samples = loud(count, seed);
      spectrum.samples.set(samples);
      spectrum.apply();
      const wanted = directPower(samples, window, fftSize, 0.97);
      const scale = Math.max(...wanted, 1);
      expect(spectrum.power).toHaveLength(fftSize / 2 + 1);
      wanted.forEach((power, k) => {
        expect(Math.abs(spectrum.power[k] - power) / scale).toBeLessThan(1e-11);
      });
    }
  });

  it('does not overflow with the loudest samples there are', () => {
    const spectrum = new PowerSpectrum(new Float64Array(512).fill(1), 512, 0);
    spectrum.samples.fill(-32_768);
    spectrum.samples[0] = 32_767;
    spectrum.apply();
    // A step of 65,535 at one sample, its mean removed, is flat but for the bin at 0.
    expect(spectrum.power[0]).toBeLessThan(1e-6);
    for (const power of spectrum.power.subarray(1))
      expect(Math.abs(power / 65_535 ** 2 - 1)).toBeLessThan(1e-9);
  });

  it.each([
    ['a size that is no power of two', 400, 500],
    ['a size below eight', 2, 4],
    ['a window longer than the FFT', 600, 512],
    ['no window', 0, 512],
  ])('refuses %s', (_, count, fftSize) => {
    expect(() => new PowerSpectrum(new Float64Array(count), fftSize, 0)).toThrow(RangeError);
  });

  it('is compiled from the source that lies beside it: else run `npm run build:kernel`', () => {
    const source = readFileSync(new URL('../kernel/power-spectrum.ts', import.meta.url));
    expect(kernelSourceHash).toBe(createHash('sha256').update(source).digest('hex'));
  });
});
