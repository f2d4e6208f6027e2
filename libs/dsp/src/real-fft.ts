/**
 * Discrete Fourier transform of real input, one size per instance, tables and work buffers allocated once.
 *
 * A real signal of N samples is packed into N/2 complex ones, transformed by a self-sorting (Stockham) radix-4
 * FFT with one radix-2 stage when N/2 is not a power of four, and unpacked by its conjugate symmetry
 * (Oppenheim & Schafer, Discrete-Time Signal Processing, §9 and problem 9.30).
 */
export class RealFft {
  readonly size: number;
  /** Bins of the spectrum: 0 … size/2. */
  readonly binCount: number;
  /** Input, length `size`: write the signal here before calling `powerSpectrum` or `spectrum`. It is overwritten. */
  readonly input: Float64Array;
  readonly #half: number;
  readonly #work: Float64Array;
  /** Per radix-4 stage, interleaved w, w², w³ (re, im) for each butterfly. */
  readonly #stageTwiddles: Float64Array[];
  readonly #unpackCos: Float64Array;
  readonly #unpackSin: Float64Array;

  /** @throws RangeError if `size` is not a power of two of at least 8 */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 8 || (size & (size - 1)) !== 0) {
      throw new RangeError(`the FFT size must be a power of two of at least 8, not ${size}`);
    }
    this.size = size;
    this.binCount = size / 2 + 1;
    this.#half = size / 2;
    this.input = new Float64Array(size);
    this.#work = new Float64Array(size);
    this.#stageTwiddles = [];
    for (let n = this.#half; n > 4; n /= 4) {
      const twiddles = new Float64Array((6 * n) / 4);
      for (let p = 0; p < n / 4; p++) {
        for (let power = 1; power <= 3; power++) {
          const angle = (-2 * Math.PI * p * power) / n;
          twiddles[6 * p + 2 * power - 2] = Math.cos(angle);
          twiddles[6 * p + 2 * power - 1] = Math.sin(angle);
        }
      }
      this.#stageTwiddles.push(twiddles);
    }
    this.#unpackCos = new Float64Array(this.#half / 2 + 1);
    this.#unpackSin = new Float64Array(this.#half / 2 + 1);
    for (let k = 0; k <= this.#half / 2; k++) {
      this.#unpackCos[k] = Math.cos((-2 * Math.PI * k) / size);
      this.#unpackSin[k] = Math.sin((-2 * Math.PI * k) / size);
    }
  }

  /** Writes |X[k]|² of `input` for k = 0 … size/2 into `power` (length `binCount`). */
  powerSpectrum(power: Float64Array): void {
    const spectrum = this.#transform();
    const half = this.#half;
    const cos = this.#unpackCos;
    const sin = this.#unpackSin;
    const sum = spectrum[0] + spectrum[1];
    const difference = spectrum[0] - spectrum[1];
    power[0] = sum * sum;
    power[half] = difference * difference;
    // Bins k and half−k come from the same pair: E = even samples' spectrum, O = odd samples', X = E + w·O.
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const re = spectrum[2 * k];
      const im = spectrum[2 * k + 1];
      const mirroredRe = spectrum[2 * mirrored];
      const mirroredIm = spectrum[2 * mirrored + 1];
      const evenRe = 0.5 * (re + mirroredRe);
      const evenIm = 0.5 * (im - mirroredIm);
      const oddRe = 0.5 * (im + mirroredIm);
      const oddIm = 0.5 * (mirroredRe - re);
      const turnedRe = oddRe * cos[k] - oddIm * sin[k];
      const turnedIm = oddRe * sin[k] + oddIm * cos[k];
      const lowRe = evenRe + turnedRe;
      const lowIm = evenIm + turnedIm;
      const highRe = evenRe - turnedRe;
      const highIm = evenIm - turnedIm;
      power[k] = lowRe * lowRe + lowIm * lowIm;
      power[mirrored] = highRe * highRe + highIm * highIm;
    }
  }

  /** Writes X[k] of `input` for k = 0 … size/2 into `spectrum` as (re, im) pairs (length 2·`binCount`). */
  spectrum(spectrum: Float64Array): void {
    const packed = this.#transform();
    const half = this.#half;
    spectrum[0] = packed[0] + packed[1];
    spectrum[1] = 0;
    spectrum[2 * half] = packed[0] - packed[1];
    spectrum[2 * half + 1] = 0;
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const evenRe = 0.5 * (packed[2 * k] + packed[2 * mirrored]);
      const evenIm = 0.5 * (packed[2 * k + 1] - packed[2 * mirrored + 1]);
      const oddRe = 0.5 * (packed[2 * k + 1] + packed[2 * mirrored + 1]);
      const oddIm = 0.5 * (packed[2 * mirrored] - packed[2 * k]);
      const turnedRe = oddRe * this.#unpackCos[k] - oddIm * this.#unpackSin[k];
      const turnedIm = oddRe * this.#unpackSin[k] + oddIm * this.#unpackCos[k];
      spectrum[2 * k] = evenRe + turnedRe;
      spectrum[2 * k + 1] = evenIm + turnedIm;
      spectrum[2 * mirrored] = evenRe - turnedRe;
      spectrum[2 * mirrored + 1] = turnedIm - evenIm;
    }
  }

  /** The signal of `spectrum`, laid out as `spectrum` writes it, into `signal` (length `size`). Overwrites `input`. */
  inverse(spectrum: Float64Array, signal: Float64Array): void {
    const half = this.#half;
    const packed = this.input;
    packed[0] = 0.5 * (spectrum[0] + spectrum[2 * half]);
    packed[1] = -0.5 * (spectrum[0] - spectrum[2 * half]);
    // The inverse is the forward transform of the conjugate, conjugated.
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const evenRe = 0.5 * (spectrum[2 * k] + spectrum[2 * mirrored]);
      const evenIm = 0.5 * (spectrum[2 * k + 1] - spectrum[2 * mirrored + 1]);
      const turnedRe = 0.5 * (spectrum[2 * k] - spectrum[2 * mirrored]);
      const turnedIm = 0.5 * (spectrum[2 * k + 1] + spectrum[2 * mirrored + 1]);
      const oddRe = turnedRe * this.#unpackCos[k] + turnedIm * this.#unpackSin[k];
      const oddIm = turnedIm * this.#unpackCos[k] - turnedRe * this.#unpackSin[k];
      packed[2 * k] = evenRe - oddIm;
      packed[2 * k + 1] = -(evenIm + oddRe);
      packed[2 * mirrored] = evenRe + oddIm;
      packed[2 * mirrored + 1] = evenIm - oddRe;
    }
    const result = this.#transform();
    for (let i = 0; i < 2 * half; i += 2) {
      signal[i] = result[i] / half;
      signal[i + 1] = -result[i + 1] / half;
    }
  }

  /** Complex FFT of `input` read as size/2 (re, im) pairs; returns whichever buffer holds the result. */
  #transform(): Float64Array {
    let from = this.input;
    let to = this.#work;
    let n = this.#half;
    let stride = 1;
    for (const twiddles of this.#stageTwiddles) {
      radix4Stage(from, to, n, stride, twiddles);
      [from, to] = [to, from];
      n /= 4;
      stride *= 4;
    }
    if (n === 4) lastRadix4Stage(from, to, stride);
    else lastRadix2Stage(from, to, stride);
    return to;
  }
}

/** One decimation-in-frequency stage of `n`-point transforms, `stride` of them interleaved. */
function radix4Stage(
  from: Float64Array,
  to: Float64Array,
  n: number,
  stride: number,
  twiddles: Float64Array,
): void {
  const quarter = n >> 2;
  const step = 2 * stride;
  const apart = step * quarter;
  for (let p = 0, read = 0, write = 0; p < quarter; p++, read += step, write += 4 * step) {
    const w1Re = twiddles[6 * p];
    const w1Im = twiddles[6 * p + 1];
    const w2Re = twiddles[6 * p + 2];
    const w2Im = twiddles[6 * p + 3];
    const w3Re = twiddles[6 * p + 4];
    const w3Im = twiddles[6 * p + 5];
    for (let q = 0; q < step; q += 2) {
      let at = read + q;
      const aRe = from[at];
      const aIm = from[at + 1];
      at += apart;
      const bRe = from[at];
      const bIm = from[at + 1];
      at += apart;
      const cRe = from[at];
      const cIm = from[at + 1];
      at += apart;
      const dRe = from[at];
      const dIm = from[at + 1];
      const sumRe = aRe + cRe;
      const sumIm = aIm + cIm;
      const gapRe = aRe - cRe;
      const gapIm = aIm - cIm;
      const crossRe = bRe + dRe;
      const crossIm = bIm + dIm;
      const turnRe = dIm - bIm;
      const turnIm = bRe - dRe;
      let put = write + q;
      to[put] = sumRe + crossRe;
      to[put + 1] = sumIm + crossIm;
      put += step;
      const y1Re = gapRe - turnRe;
      const y1Im = gapIm - turnIm;
      to[put] = y1Re * w1Re - y1Im * w1Im;
      to[put + 1] = y1Re * w1Im + y1Im * w1Re;
      put += step;
      const y2Re = sumRe - crossRe;
      const y2Im = sumIm - crossIm;
      to[put] = y2Re * w2Re - y2Im * w2Im;
      to[put + 1] = y2Re * w2Im + y2Im * w2Re;
      put += step;
      const y3Re = gapRe + turnRe;
      const y3Im = gapIm + turnIm;
      to[put] = y3Re * w3Re - y3Im * w3Im;
      to[put + 1] = y3Re * w3Im + y3Im * w3Re;
    }
  }
}

/** The last stage where size/2 is a power of four: every twiddle is 1. */
function lastRadix4Stage(from: Float64Array, to: Float64Array, stride: number): void {
  const step = 2 * stride;
  for (let re = 0, im = 1; re < step; re += 2, im += 2) {
    const sumRe = from[re] + from[re + 2 * step];
    const sumIm = from[im] + from[im + 2 * step];
    const gapRe = from[re] - from[re + 2 * step];
    const gapIm = from[im] - from[im + 2 * step];
    const crossRe = from[re + step] + from[re + 3 * step];
    const crossIm = from[im + step] + from[im + 3 * step];
    const turnRe = from[im + 3 * step] - from[im + step];
    const turnIm = from[re + step] - from[re + 3 * step];
    to[re] = sumRe + crossRe;
    to[im] = sumIm + crossIm;
    to[re + step] = gapRe - turnRe;
    to[im + step] = gapIm - turnIm;
    to[re + 2 * step] = sumRe - crossRe;
    to[im + 2 * step] = sumIm - crossIm;
    to[re + 3 * step] = gapRe + turnRe;
    to[im + 3 * step] = gapIm + turnIm;
  }
}

/** The last stage where size/2 is not a power of four. */
function lastRadix2Stage(from: Float64Array, to: Float64Array, stride: number): void {
  const step = 2 * stride;
  for (let at = 0; at < step; at++) {
    const a = from[at];
    const b = from[at + step];
    to[at] = a + b;
    to[at + step] = a - b;
  }
}
