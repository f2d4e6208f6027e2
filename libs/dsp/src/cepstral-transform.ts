/**
 * Orthonormal DCT-II, first `coefficients` of `bands`, with the sinusoidal lifter 1 + L/2·sin(πk/L) of HTK and Kaldi
 * folded into its rows (L = 0: none).
 */
export class CepstralTransform {
  readonly #coefficients: number;
  readonly #bands: number;
  readonly #matrix: Float64Array;

  constructor(coefficients: number, bands: number, lifter: number) {
    this.#coefficients = coefficients;
    this.#bands = bands;
    this.#matrix = new Float64Array(coefficients * bands);
    for (let k = 0; k < coefficients; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / bands);
      const lift = lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * k) / lifter);
      for (let band = 0; band < bands; band++) {
        this.#matrix[k * bands + band] = lift * scale * Math.cos((Math.PI * k * (band + 0.5)) / bands);
      }
    }
  }

  /** Transforms `logBands` (length `bands`) into `cepstrum` (length `coefficients`). */
  apply(logBands: Float64Array, cepstrum: Float32Array): void {
    const matrix = this.#matrix;
    const bands = this.#bands;
    for (let k = 0, row = 0; k < this.#coefficients; k++, row += bands) {
      let sum = 0;
      for (let band = 0; band < bands; band++) sum += matrix[row + band] * logBands[band];
      cepstrum[k] = sum;
    }
  }
}
