import { analysisWindow } from './analysis-window.ts';
import { CepstralTransform } from './cepstral-transform.ts';
import { MelFilterbank } from './mel-filterbank.ts';
import type { MfccOptions } from './mfcc-options.ts';
import { PowerSpectrum } from './power-spectrum.ts';

/** int16 full scale becomes 1. */
const sampleScale = 1 / 32_768;

const byOptions = new Map<string, WindowCepstrum>();

/**
 * The MFCC of one window of samples. Its tables and work space, some 25 kB, do not depend on the speaker and are shared
 * by all extractors of equal options (see `of`), so that many speakers stay within the processor's cache.
 */
export class WindowCepstrum {
  readonly #energyFloor: number;
  readonly #spectrum: PowerSpectrum;
  readonly #filterbank: MelFilterbank;
  readonly #transform: CepstralTransform;
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
    this.#energyFloor = options.energyFloor;
    const window = analysisWindow(options.window, windowSamples).map((weight) => weight * sampleScale);
    this.#spectrum = new PowerSpectrum(window, fftSize, options.preEmphasis);
    this.#filterbank = new MelFilterbank(melBands, fftSize / 2 + 1, sampleRateHz, lowHz, highHz);
    this.#transform = new CepstralTransform(coefficients, melBands, options.lifter);
    this.#bands = new Float64Array(melBands);
  }

  /** Transforms `samples` (length `windowSamples`) into `mfcc` and `logMel` (lengths `coefficients` and `melBands`). */
  apply(samples: Int16Array, mfcc: Float32Array, logMel: Float32Array): void {
    const energyFloor = this.#energyFloor;
    const spectrum = this.#spectrum;
    spectrum.samples.set(samples);
    spectrum.apply();
    const bands = this.#bands;
    this.#filterbank.apply(spectrum.power, bands);
    for (let band = 0; band < bands.length; band++) {
      const log = Math.log(Math.max(bands[band], energyFloor));
      bands[band] = log;
      logMel[band] = log;
    }
    this.#transform.apply(bands, mfcc);
  }
}
