/** Rows that are multiplied at once, so that additions do not wait for each other and the bands are read once for all. */
const rowsAtOnce = 4;

/**
 * Orthonormal DCT-II, first `coefficients` of `bands`, with the sinusoidal lifter 1 + L/2·sin(πk/L) of HTK and Kaldi
 * folded into its rows (L = 0: none). Even rows are symmetric and odd ones antisymmetric about the middle band, so the
 * bands are folded first and half the products suffice.
 */
export class CepstralTransform {
  readonly #coefficients: number;
  readonly #bands: number;
  readonly #half: number;
  /** Left half of every row, `#half` long; rows of zeros make their number a multiple of `rowsAtOnce`. */
  readonly #rows: Float64Array;
  readonly #products: Float64Array;
  /** Sums of mirrored bands, then their differences. */
  readonly #folded: Float64Array;

  constructor(coefficients: number, bands: number, lifter: number) {
    this.#coefficients = coefficients;
    this.#bands = bands;
    this.#half = (bands + 1) >> 1;
    const rows = rowsAtOnce * Math.ceil(coefficients / rowsAtOnce);
    this.#rows = new Float64Array(rows * this.#half);
    this.#products = new Float64Array(rows);
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
    const products = this.#products;
    for (let k = 0; k < products.length; k += rowsAtOnce) {
      const row0 = k * half;
      const row1 = row0 + half;
      const row2 = row1 + half;
      const row3 = row2 + half;
      let product0 = 0;
      let product1 = 0;
      let product2 = 0;
      let product3 = 0;
      for (let band = 0; band < half; band++) {
        const sum = folded[band];
        const difference = folded[half + band];
        product0 += rows[row0 + band] * sum;
        product1 += rows[row1 + band] * difference;
        product2 += rows[row2 + band] * sum;
        product3 += rows[row3 + band] * difference;
      }
      products[k] = product0;
      products[k + 1] = product1;
      products[k + 2] = product2;
      products[k + 3] = product3;
    }
    for (let k = 0; k < this.#coefficients; k++) cepstrum[k] = products[k];
  }
}
