import { describe, expect, it } from 'vitest';
import { RealFft } from './real-fft.ts';

describe('RealFft', () => {
  it.each([8, 16, 32, 64, 128, 512, 1_024])('of size %i agrees with the direct transform', (size) => {
    const signal = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i) + 0.3);
    const fft = new RealFft(size);
    fft.input.set(signal);
    const power = new Float64Array(fft.binCount);
    fft.powerSpectrum(power);
    for (let k = 0; k < fft.binCount; k++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < size; i++) {
        re += signal[i] * Math.cos((2 * Math.PI * k * i) / size);
        im += signal[i] * Math.sin((2 * Math.PI * k * i) / size);
      }
      expect(Math.abs(power[k] - (re * re + im * im))).toBeLessThan(1e-9 * size);
    }
  });

  it.each([8, 16, 32, 64, 128, 512])(
    'of size %i has the spectrum of the direct transform, and gives the signal back',
    (size) => {
      const signal = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i) - 0.2);
      const fft = new RealFft(size);
      const spectrum = new Float64Array(2 * fft.binCount);
      fft.input.set(signal);
      fft.spectrum(spectrum);
      for (let k = 0; k < fft.binCount; k++) {
        let re = 0;
        let im = 0;
        for (let i = 0; i < size; i++) {
          re += signal[i] * Math.cos((2 * Math.PI * k * i) / size);
          im -= signal[i] * Math.sin((2 * Math.PI * k * i) / size);
        }
        expect(Math.abs(spectrum[2 * k] - re)).toBeLessThan(1e-10 * size);
        expect(Math.abs(spectrum[2 * k + 1] - im)).toBeLessThan(1e-10 * size);
      }
      const back = new Float64Array(size);
      fft.inverse(spectrum, back);
      for (let i = 0; i < size; i++) expect(Math.abs(back[i] - signal[i])).toBeLessThan(1e-12);
    },
  );

  it.each([0, 4, 100, 511.5])('refuses size %d', (size) => {
    expect(() => new RealFft(size)).toThrow(RangeError);
  });
});
