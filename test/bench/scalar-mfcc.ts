const windowSamples = 400;
const hopSamples = 160;
const size = 512;
const bands = 40;
const coefficients = 20;
const mel = (hz: number) => 1_127 * Math.log(1 + hz / 700);

const window = Float64Array.from(
  { length: windowSamples },
  (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (windowSamples - 1)),
);
const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
const sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
const reversed = Uint16Array.from({ length: size }, (_, i) => {
  let bits = 0;
  for (let bit = 1; bit < size; bit *= 2) bits = 2 * bits + (i & bit ? 1 : 0);
  return bits;
});
const filters = Array.from({ length: bands }, (_, band) => {
  const width = (mel(7_600) - mel(20)) / (bands + 1);
  const weights = Array.from({ length: size / 2 + 1 }, (_, bin) => {
    const position = (mel((bin * 16_000) / size) - mel(20)) / width - band;
    return Math.max(0, Math.min(position, 2 - position));
  });
  const first = weights.findIndex((weight) => weight > 0);
  return { first, weights: Float64Array.from(weights.filter((weight) => weight > 0)) };
});
const dct = Float64Array.from({ length: coefficients * bands }, (_, i) => {
  const k = Math.floor(i / bands);
  return Math.sqrt((k === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * k * ((i % bands) + 0.5)) / bands);
});

/** MFCC as one writes it without a library: radix-2 FFT in place, sparse filters, tables, no allocation per frame. */
export class ScalarMfcc {
  readonly #samples = new Float64Array(windowSamples);
  #count = 0;
  readonly #re = new Float64Array(size);
  readonly #im = new Float64Array(size);
  readonly #logs = new Float64Array(bands);
  readonly #mfcc = new Float32Array(coefficients);

  push(samples: Int16Array, onFrame: (mfcc: Float32Array) => void): void {
    for (const sample of samples) {
      this.#samples[this.#count++] = sample / 32_768;
      if (this.#count < windowSamples) continue;
      this.#frame();
      onFrame(this.#mfcc);
      this.#samples.copyWithin(0, hopSamples);
      this.#count -= hopSamples;
    }
  }

  #frame(): void {
    const re = this.#re;
    const im = this.#im;
    for (let i = 0; i < size; i++) {
      const at = reversed[i]!;
      re[i] =
        at < windowSamples
          ? (this.#samples[at]! - (at > 0 ? 0.97 * this.#samples[at - 1]! : 0)) * window[at]!
          : 0;
      im[i] = 0;
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k;
          const b = a + half;
          const wRe = cos[k * step]!;
          const wIm = -sin[k * step]!;
          const tRe = re[b]! * wRe - im[b]! * wIm;
          const tIm = re[b]! * wIm + im[b]! * wRe;
          re[b] = re[a]! - tRe;
          im[b] = im[a]! - tIm;
          re[a] = re[a]! + tRe;
          im[a] = im[a]! + tIm;
        }
      }
    }
    for (let band = 0; band < bands; band++) {
      const { first, weights } = filters[band]!;
      let sum = 1e-10;
      for (let i = 0; i < weights.length; i++)
        sum += weights[i]! * (re[first + i]! ** 2 + im[first + i]! ** 2);
      this.#logs[band] = Math.log(sum);
    }
    for (let k = 0; k < coefficients; k++) {
      let sum = 0;
      for (let band = 0; band < bands; band++) sum += dct[k * bands + band]! * this.#logs[band]!;
      this.#mfcc[k] = sum;
    }
  }
}
