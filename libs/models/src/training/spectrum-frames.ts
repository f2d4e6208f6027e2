import { CepstralTransform } from '@undertone/dsp';
import { type SpectrumSpec, spectrumFeatureCount } from '../features/feature-spec.ts';

/** Turns the cached log mel energies of a frame into the spectrum that the model is given: themselves, or MFCC. */
export class SpectrumFrames {
  /** [S] of the frame read last; overwritten by the next. */
  readonly spectrum: Float32Array;
  readonly #transform: CepstralTransform | null;
  readonly #logBands: Float64Array;

  constructor(spec: SpectrumSpec) {
    const { coefficients, melBands, lifter } = spec.mfcc;
    this.#transform =
      spec.spectrum === 'log-mel' ? null : new CepstralTransform(coefficients, melBands, lifter);
    this.#logBands = new Float64Array(melBands);
    this.spectrum = new Float32Array(spectrumFeatureCount(spec));
  }

  /** Reads the frame whose log mel energies begin at `at`. */
  read(logMel: Float32Array, at: number): void {
    const bands = this.#logBands.length;
    if (this.#transform === null) {
      for (let b = 0; b < bands; b++) this.spectrum[b] = logMel[at + b];
    } else {
      for (let b = 0; b < bands; b++) this.#logBands[b] = logMel[at + b];
      this.#transform.apply(this.#logBands, this.spectrum);
    }
  }
}
