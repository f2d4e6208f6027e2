/** The HTK mel scale: 1127·ln(1 + f/700). */
const melOf = (hz: number) => 1127 * Math.log(1 + hz / 700);

/**
 * Triangular filters, equally spaced and equally wide on the mel scale, unit height, and linear in mel on both
 * flanks: the definition of HTK and Kaldi (and of TensorFlow's `mfcc`). Stored sparsely: each filter keeps only
 * the run of bins on which it is not zero.
 */
export class MelFilterbank {
  readonly bandCount: number;
  /** First bin of each band's run. */
  readonly #firstBin: Int32Array;
  /** Where each band's weights begin in `#weights`; one more entry marks the end. */
  readonly #start: Int32Array;
  readonly #weights: Float64Array;

  /**
   * @param binCount bins 0 … Nyquist of the spectra that will be given
   * @throws RangeError if the band edges are not 0 ≤ lowHz < highHz ≤ Nyquist
   */
  constructor(bandCount: number, binCount: number, sampleRateHz: number, lowHz: number, highHz: number) {
    const nyquistHz = sampleRateHz / 2;
    if (!(lowHz >= 0 && lowHz < highHz && highHz <= nyquistHz)) {
      throw new RangeError(`mel bands need 0 ≤ lowHz < highHz ≤ ${nyquistHz}, got ${lowHz} and ${highHz}`);
    }
    this.bandCount = bandCount;
    this.#firstBin = new Int32Array(bandCount);
    this.#start = new Int32Array(bandCount + 1);
    const lowMel = melOf(lowHz);
    const bandMel = (melOf(highHz) - lowMel) / (bandCount + 1);
    const weights: number[] = [];
    for (let band = 0; band < bandCount; band++) {
      const leftMel = lowMel + band * bandMel;
      this.#start[band] = weights.length;
      for (let bin = 0; bin < binCount; bin++) {
        const position = (melOf((bin * nyquistHz) / (binCount - 1)) - leftMel) / bandMel;
        if (position <= 0 || position >= 2) continue;
        if (weights.length === this.#start[band]) this.#firstBin[band] = bin;
        weights.push(position <= 1 ? position : 2 - position);
      }
    }
    this.#start[bandCount] = weights.length;
    this.#weights = Float64Array.from(weights);
  }

  /** Weighs `spectrum` (length `binCount`) into `bands` (length `bandCount`). */
  apply(spectrum: Float64Array, bands: Float64Array): void {
    const weights = this.#weights;
    for (let band = 0; band < this.bandCount; band++) {
      const end = this.#start[band + 1];
      let sum = 0;
      for (let at = this.#start[band], bin = this.#firstBin[band]; at < end; at++, bin++) {
        sum += weights[at] * spectrum[bin];
      }
      bands[band] = sum;
    }
  }
}
