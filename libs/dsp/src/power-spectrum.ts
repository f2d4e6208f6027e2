import { kernelBinary } from './power-spectrum-kernel.ts';

/** What the module exports; see its source, `libs/dsp/kernel/power-spectrum.ts`. */
interface Kernel {
  emphasise(
    samples: number,
    count: number,
    window: number,
    preEmphasis: number,
    target: number,
    size: number,
  ): void;
  transform(input: number, work: number, half: number, twiddles: number, turns: number, power: number): void;
}

/** So much of the memory is left to the compiler. */
const reservedBytes = 1_024;
const pageBytes = 65_536;

let module: WebAssembly.Module | null = null;

/**
 * The power spectrum of windows of 16-bit samples: mean removed, pre-emphasis, analysis window, zero-padded FFT. A real signal of N
 * samples is packed into N/2 complex ones, transformed by a self-sorting (Stockham) radix-4 FFT and unpacked by its conjugate
 * symmetry (Oppenheim & Schafer, Discrete-Time Signal Processing, §9 and problem 9.30), in double precision with two numbers a
 * register: WebAssembly SIMD, which does in one step what JavaScript needs two for, and checks no bounds.
 */
export class PowerSpectrum {
  /** Input, as long as the window: write the samples here before calling `apply`. Kept. */
  readonly samples: Int16Array;
  /** |X[k]|², k = 0 … fftSize/2. */
  readonly power: Float64Array;
  readonly #apply: () => void;

  /**
   * @param window weights of the samples
   * @param fftSize a power of two of at least 8, not shorter than the window
   * @param preEmphasis y[i] = x[i] − preEmphasis·x[i−1], and y[0] = (1 − preEmphasis)·x[0]
   * @throws RangeError if `fftSize` is neither
   */
  constructor(window: Float64Array, fftSize: number, preEmphasis: number) {
    if (!Number.isInteger(fftSize) || fftSize < 8 || (fftSize & (fftSize - 1)) !== 0) {
      throw new RangeError(`the FFT size must be a power of two of at least 8, not ${fftSize}`);
    }
    const count = window.length;
    if (count < 1 || count > fftSize) {
      throw new RangeError(`a window of ${count} samples does not fit an FFT of ${fftSize}`);
    }
    const half = fftSize / 2;
    const twiddles = stageTwiddles(half);
    const turns = unpackingTurns(half);
    const numbers = twiddles.length + turns.length + 3 * fftSize + half + 1;
    const bytes = reservedBytes + 8 * numbers + 2 * (fftSize + 16);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    let end = reservedBytes;
    const place = (length: number): Float64Array => {
      const array = new Float64Array(memory.buffer, end, length);
      end += array.byteLength;
      return array;
    };
    const twiddlesAt = place(twiddles.length);
    twiddlesAt.set(twiddles);
    const turnsAt = place(turns.length);
    turnsAt.set(turns);
    const weights = place(fftSize);
    // The unpacking leaves out its factor of one half.
    for (let i = 0; i < count; i++) weights[i] = window[i] / 2;
    const input = place(fftSize).byteOffset;
    const work = place(fftSize).byteOffset;
    this.power = place(half + 1);
    // The sample before the first is written by the kernel.
    this.samples = new Int16Array(memory.buffer, end + 16, count);
    const samplesAt = this.samples.byteOffset;
    const powerAt = this.power.byteOffset;
    const { emphasise, transform } = instantiate(memory);
    this.#apply = () => {
      emphasise(samplesAt, count, weights.byteOffset, preEmphasis, input, fftSize);
      transform(input, work, half, twiddlesAt.byteOffset, turnsAt.byteOffset, powerAt);
    };
  }

  /** Makes `power` of `samples`. Allocates nothing. */
  apply(): void {
    this.#apply();
  }
}

function instantiate(memory: WebAssembly.Memory): Kernel {
  module ??= new WebAssembly.Module(Uint8Array.from(atob(kernelBinary), (char) => char.charCodeAt(0)));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}

/** A complex factor as the kernel multiplies by it: (re, re), (−im, im). */
const factor = (angle: number): number[] => [
  Math.cos(angle),
  Math.cos(angle),
  -Math.sin(angle),
  Math.sin(angle),
];

/** w, w², w³ of every butterfly of every radix-4 stage but the last. */
function stageTwiddles(half: number): number[] {
  const twiddles: number[] = [];
  for (let n = half; n > 4; n /= 4) {
    for (let p = 0; p < n / 4; p++) {
      for (let power = 1; power <= 3; power++) twiddles.push(...factor((-2 * Math.PI * p * power) / n));
    }
  }
  return twiddles;
}

/** −i·exp(−πik/half). */
function unpackingTurns(half: number): number[] {
  const turns: number[] = [];
  for (let k = 0; k <= half / 2; k++) turns.push(...factor((-Math.PI * k) / half - Math.PI / 2));
  return turns;
}
