import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CepstralTransform } from './cepstral-transform.ts';
import { MelFilterbank } from './mel-filterbank.ts';

describe('MelFilterbank', () => {
  it("gives, with the cepstral transform, TensorFlow's published MFCCs of a ramp", () => {
    const golden = JSON.parse(
      readFileSync(new URL('../golden/tensorflow-mfcc.json', import.meta.url), 'utf8'),
    );
    const { spectrum_bins, first_bin, mel_bands, sample_rate_hz, low_hz, high_hz } = golden.parameters;
    const magnitudes = Float64Array.from({ length: spectrum_bins }, (_, bin) =>
      bin < first_bin ? 0 : Math.sqrt(bin + 1),
    );
    const bands = new Float64Array(mel_bands);
    new MelFilterbank(mel_bands, spectrum_bins, sample_rate_hz, low_hz, high_hz).apply(magnitudes, bands);
    const mfcc = new Float32Array(golden.mfcc.length);
    new CepstralTransform(mfcc.length, mel_bands, 0).apply(bands.map(Math.log), mfcc);
    mfcc[0] *= Math.SQRT2; // TensorFlow does not give c0 the orthonormal scale.
    golden.mfcc.forEach((wanted: number, k: number) => {
      expect(Math.abs(mfcc[k] - wanted)).toBeLessThan(1e-5);
    });
  });

  it('shares the energy of a bin between two neighbouring bands', () => {
    const bank = new MelFilterbank(20, 257, 16_000, 100, 7_000);
    const spectrum = new Float64Array(257);
    spectrum[64] = 1;
    const bands = new Float64Array(20);
    bank.apply(spectrum, bands);
    expect(bands.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(bands.filter((b) => b > 0)).toHaveLength(2);
  });
});
