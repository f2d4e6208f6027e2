import { RealFft } from '@undertone/dsp';

/** 32 ms at 16 kHz: shorter than a syllable, long enough to part harmonics. */
const windowSamples = 512;
const hopSamples = windowSamples / 4;
/**
 * The share of a recording in which a band may be taken to hold noise alone: its energies up to this quantile are noise.
 * Of noise alone (exponentially distributed energies) they lie at −ln(1 − quantile) of the mean.
 */
const noiseQuantile = 0.15;
const quantileOfMean = -Math.log(1 - noiseQuantile);
/** The estimate of a bin is the mean over it and so many neighbours on either side. */
const smoothedBins = 4;
/** What is left of the noise: a floor of this share of it masks the warble of what was subtracted (Berouti's β). */
const floorShare = 0.02;
/** Over-subtraction at 0 dB, and what it loses for each dB of signal-to-noise ratio (Berouti's α₀ and slope). */
const overSubtraction = 4;
const overSubtractionPerDb = 3 / 20;
const lowestSnrDb = -5;
const highestSnrDb = 20;
/** Mean energy of a sample below which a window is digital silence, and no noise to learn from: −96 dBFS. */
const nothing = 2.5e-10;

/**
 * 16 kHz samples of −1…1 with steady noise reduced, by spectral subtraction (Boll 1979) with over-subtraction and a
 * spectral floor (Berouti, Schwartz & Makhoul 1979): α falls from 4.75 at −5 dB to 1 at 20 dB. The noise of each
 * frequency is a low quantile of its energy over the whole recording (Stahl, Fischer & Bippus 2000), so no pause has to be found.
 * Windows of 32 ms overlap by three quarters (square-root Hann, before and after); phases are kept. Shorter recordings
 * come back as they are.
 */
export function withoutNoise(samples: Float32Array): Float32Array {
  const windows = Math.ceil((samples.length + windowSamples) / hopSamples) - 1;
  if (samples.length < windowSamples) return samples;
  const fft = new RealFft(windowSamples);
  const bins = fft.binCount;
  const powers = new Float64Array(windows * bins);
  for (let w = 0; w < windows; w++) {
    readWindow(samples, w, fft.input);
    fft.powerSpectrum(powers.subarray(w * bins, (w + 1) * bins));
  }
  const noise = noisePower(powers, bins);
  if (noise === null) return samples;
  const noiseSum = noise.reduce((sum, power) => sum + power, 0);
  const result = new Float32Array(samples.length);
  const spectrum = new Float64Array(2 * bins);
  const heard = new Float64Array(windowSamples);
  for (let w = 0; w < windows; w++) {
    const power = powers.subarray(w * bins, (w + 1) * bins);
    const powerSum = power.reduce((sum, value) => sum + value, 0);
    const snrDb = 10 * Math.log10(Math.max(powerSum, Number.MIN_VALUE) / noiseSum);
    const clamped = Math.max(lowestSnrDb, Math.min(highestSnrDb, snrDb));
    const alpha = overSubtraction - overSubtractionPerDb * clamped;
    readWindow(samples, w, fft.input);
    fft.spectrum(spectrum);
    for (let k = 0; k < bins; k++) {
      if (power[k] === 0) continue;
      const left = Math.max(power[k] - alpha * noise[k], Math.min(power[k], floorShare * noise[k]));
      const gain = Math.sqrt(left / power[k]);
      spectrum[2 * k] *= gain;
      spectrum[2 * k + 1] *= gain;
    }
    fft.inverse(spectrum, heard);
    const start = (w + 1) * hopSamples - windowSamples;
    const from = Math.max(0, -start);
    const end = Math.min(windowSamples, samples.length - start);
    for (let i = from; i < end; i++) result[start + i] += overlapScale * rootHann[i] * heard[i];
  }
  return result;
}

const rootHann = Float64Array.from({ length: windowSamples }, (_, i) =>
  Math.sin((Math.PI * (i + 0.5)) / windowSamples),
);
/** Squares of the window at a quarter's distance add up to 2. */
const overlapScale = 0.5;

/** The windowed samples of window `w`, which ends `w + 1` hops after the start of the recording. */
function readWindow(samples: Float32Array, w: number, target: Float64Array): void {
  const start = (w + 1) * hopSamples - windowSamples;
  const from = Math.max(0, -start);
  const end = Math.min(windowSamples, samples.length - start);
  target.fill(0);
  for (let i = from; i < end; i++) target[i] = rootHann[i] * samples[start + i];
}

/** [bins] mean energy of the noise; null where the recording holds nothing but digital silence. */
function noisePower(powers: Float64Array, bins: number): Float64Array | null {
  const audible: number[] = [];
  // Parseval: half a spectrum adds up to windowSamples/2 times the energy of the window, which halves that of the samples.
  const silence = (nothing * windowSamples * windowSamples) / 4;
  for (let at = 0; at < powers.length; at += bins) {
    let sum = 0;
    for (let k = 0; k < bins; k++) sum += powers[at + k];
    if (sum > silence) audible.push(at);
  }
  if (audible.length === 0) return null;
  const column = new Float64Array(audible.length);
  const quantiles = Float64Array.from({ length: bins }, (_, k) => {
    for (const [i, at] of audible.entries()) column[i] = powers[at + k];
    column.sort();
    return column[Math.floor(noiseQuantile * (column.length - 1))] / quantileOfMean;
  });
  return quantiles.map((_, k) => {
    const near = quantiles.subarray(Math.max(0, k - smoothedBins), k + smoothedBins + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
