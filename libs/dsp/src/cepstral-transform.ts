/**
 * Orthonormal DCT-II, first `coefficients` of `bands`, with the sinusoidal lifter 1 + L/2·sin(πk/L) of HTK and Kaldi
 * folded into its rows (L = 0: none). Even rows are symmetric and odd ones antisymmetric about the middle band, so the
 * bands are folded first and half the products suffice.
 */
export class CepstralTransform {
  readonly #coefficients: number;
  readonly #bands: number;
  readonly #half: number;
  /** Left half of every row, `#half` long. */
  readonly #rows: Float64Array;
  /** Sums of mirrored bands, then their differences. */
  readonly #folded: Float64Array;

  constructor(coefficients: number, bands: number, lifter: number) {
    this.#coefficients = coefficients;
    this.#bands = bands;
    this.#half = (bands + 1) >> 1;
    this.#rows = new Float64Array(coefficients * this.#half);
    this.#folded = new Float64Array(2 * this.#half);
    for (let k = 0; k < coefficients; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / bands);
      const lift = lifter === 0 ? 1 : 1 + (lifter / 2) * Math.sin((Math.PI * k) / lifter);
      for (let band = 0; band < this.#half; band++) {
        this.#rows[k * this.#half + band] = lift * scale * Math.cos((Math.PI * k * (band + 0.5)) / bands);
      }
    }
  }

  /** Transforms `logBands` (length `bands`) into `cepstrum` (length `coefficients`). */
  apply(logBands: Float64Array, cepstrum: Float32Array): void {
    const rows = this.#rows;
    const half = this.#half;
    const folded = this.#folded;
    const last = this.#bands - 1;
    for (let band = 0; band < half; band++) {
      const mirrored = band === last - band ? 0 : logBands[last - band];
      folded[band] = logBands[band] + mirrored;
      folded[half + band] = logBands[band] - mirrored;
    }
    for (let k = 0, row = 0; k < this.#coefficients; k++, row += half) {
      const side = (k & 1) * half;
      let sum = 0;
      for (let band = 0; band < half; band++) sum += rows[row + band] * folded[side + band];
      cepstrum[k] = sum;
    }
  }
}
