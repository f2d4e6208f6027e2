import { analysisWindow } from './analysis-window.ts';
import { CepstralTransform } from './cepstral-transform.ts';
import { MelFilterbank } from './mel-filterbank.ts';
import type { MfccOptions } from './mfcc-options.ts';
import { RealFft } from './real-fft.ts';

/** int16 full scale becomes 1. */
const sampleScale = 1 / 32_768;

const byOptions = new Map<string, WindowCepstrum>();

/**
 * The MFCC of one window of samples. Its tables and work space, some 25 kB, do not depend on the speaker and are shared
 * by all extractors of equal options (see `of`), so that many speakers stay within the processor's cache.
 */
export class WindowCepstrum {
  readonly #preEmphasis: number;
  readonly #energyFloor: number;
  /** The analysis window times `sampleScale`. */
  readonly #window: Float64Array;
  readonly #fft: RealFft;
  readonly #filterbank: MelFilterbank;
  readonly #transform: CepstralTransform;
  readonly #power: Float64Array;
  readonly #bands: Float64Array;

  /** @throws RangeError if the options contradict each other */
  static of(options: MfccOptions): WindowCepstrum {
    const key = JSON.stringify(Object.entries(options).sort());
    let known = byOptions.get(key);
    if (known === undefined) {
      known = new WindowCepstrum(options);
      byOptions.set(key, known);
    }
    return known;
  }

  private constructor(options: MfccOptions) {
    const { windowSamples, fftSize, melBands, coefficients, sampleRateHz, lowHz, highHz } = options;
    if (windowSamples < 2 || windowSamples > fftSize) {
      throw new RangeError(`windowSamples must be between 2 and fftSize (${fftSize}), not ${windowSamples}`);
    }
    if (coefficients < 1 || coefficients > melBands) {
      throw new RangeError(`coefficients must be between 1 and melBands (${melBands}), not ${coefficients}`);
    }
    this.#preEmphasis = options.preEmphasis;
    this.#energyFloor = options.energyFloor;
    this.#window = analysisWindow(options.window, windowSamples).map((weight) => weight * sampleScale);
    this.#fft = new RealFft(fftSize);
    this.#filterbank = new MelFilterbank(melBands, this.#fft.binCount, sampleRateHz, lowHz, highHz);
    this.#transform = new CepstralTransform(coefficients, melBands, options.lifter);
    this.#power = new Float64Array(this.#fft.binCount);
    this.#bands = new Float64Array(melBands);
  }

  /** Transforms `samples` (length `windowSamples`) into `mfcc` and `logMel` (lengths `coefficients` and `melBands`). */
  apply(samples: Int16Array, mfcc: Float32Array, logMel: Float32Array): void {
    const window = this.#window;
    const preEmphasis = this.#preEmphasis;
    const energyFloor = this.#energyFloor;
    const count = window.length;
    const input = this.#fft.input;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += samples[i];
    // Mean removal and pre-emphasis are both linear: x[i] − m − p·(x[i−1] − m) = x[i] − p·x[i−1] − (1 − p)·m.
    const offset = ((1 - preEmphasis) * sum) / count;
    let previous = samples[0];
    for (let i = 0; i < count; i++) {
      const sample = samples[i];
      input[i] = (sample - preEmphasis * previous - offset) * window[i];
      previous = sample;
    }
    input.fill(0, count);
    this.#fft.powerSpectrum(this.#power);
    const bands = this.#bands;
    this.#filterbank.apply(this.#power, bands);
    for (let band = 0; band < bands.length; band++) {
      const log = Math.log(Math.max(bands[band], energyFloor));
      bands[band] = log;
      logMel[band] = log;
    }
    this.#transform.apply(bands, mfcc);
  }
}
