/** The HTK mel scale: 1127·ln(1 + f/700). */
const melOf = (hz: number) => 1127 * Math.log(1 + hz / 700);

/**
 * Triangular filters, equally spaced and equally wide on the mel scale, unit height, and linear in mel on both
 * flanks: the definition of HTK and Kaldi (and of TensorFlow's `mfcc`). Between two corners one filter rises as the one
 * before it falls, and their weights add up to 1, so a bin is multiplied once: its weight goes to the one, the rest to the other.
 */
export class MelFilterbank {
  readonly bandCount: number;
  /** First bin after each of the `bandCount` + 2 corners. */
  readonly #cornerBin: Int32Array;
  /** Of each bin in the filter that rises there. */
  readonly #rising: Float64Array;

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
    const corners = bandCount + 2;
    this.#cornerBin = new Int32Array(corners).fill(binCount);
    this.#rising = new Float64Array(binCount);
    const lowMel = melOf(lowHz);
    const bandMel = (melOf(highHz) - lowMel) / (bandCount + 1);
    for (let bin = binCount - 1; bin >= 0; bin--) {
      const position = (melOf((bin * nyquistHz) / (binCount - 1)) - lowMel) / bandMel;
      for (let corner = 0; corner < corners && corner < position; corner++) this.#cornerBin[corner] = bin;
      this.#rising[bin] = position - Math.ceil(position) + 1;
    }
  }

  /** Weighs `spectrum` (length `binCount`) into `bands` (length `bandCount`). */
  apply(spectrum: Float64Array, bands: Float64Array): void {
    const rising = this.#rising;
    const cornerBin = this.#cornerBin;
    const bandCount = this.bandCount;
    let rose = 0;
    for (let corner = 0, bin = cornerBin[0]; corner <= bandCount; corner++) {
      const end = cornerBin[corner + 1];
      let all = 0;
      let rises = 0;
      for (; bin < end; bin++) {
        const value = spectrum[bin];
        all += value;
        rises += rising[bin] * value;
      }
      // What rose up to this corner falls from here on: the filter is complete at the next.
      if (corner > 0) bands[corner - 1] = rose + (all - rises);
      rose = rises;
    }
  }
}
