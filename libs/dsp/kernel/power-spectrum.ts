// The power spectrum of a window of samples, with two numbers a register (WebAssembly SIMD). AssemblyScript, which is not compiled
// with the rest: `npm run build:kernel` makes `src/power-spectrum-kernel.ts` of it. Called by `src/power-spectrum.ts`,
// which lays out the memory; every argument is an address in it unless it says otherwise. A complex number is one register: re, im.

/** (im, re) */
function exchanged(z: v128): v128 {
  return v128.shuffle<f64>(z, z, 1, 0);
}

function conjugate(z: v128): v128 {
  return v128.xor(z, i64x2(0, i64.MIN_VALUE));
}

/** z·w, with w at `twiddle` as (re, re), (−im, im). */
function turned(z: v128, twiddle: usize): v128 {
  return f64x2.add(f64x2.mul(z, v128.load(twiddle)), f64x2.mul(exchanged(z), v128.load(twiddle, 16)));
}

/**
 * Removes the mean of the 16-bit samples, emphasises high frequencies (y[i] = x[i] − p·x[i−1], y[0] = (1 − p)·x[0]) and weighs
 * with the window: `count` numbers at `target`, then zeros up to `size`. The two bytes before `samples` are free; what
 * follows them, up to a multiple of eight, is zero, as are the weights after the window.
 */
export function emphasise(
  samples: usize,
  count: i32,
  window: usize,
  preEmphasis: f64,
  target: usize,
  size: i32,
): void {
  let sums = i32x4.splat(0);
  for (let at = samples, end = samples + 2 * count; at < end; at += 16) {
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(v128.load(at)));
  }
  const sum =
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3);
  // Mean removal and pre-emphasis are both linear: x[i] − m − p·(x[i−1] − m) = x[i] − p·x[i−1] − (1 − p)·m.
  const offset = f64x2.splat(((1 - preEmphasis) * sum) / count);
  const emphasis = f64x2.splat(preEmphasis);
  store<i16>(samples - 2, load<i16>(samples));
  for (let i = 0; i < count; i += 4) {
    const now = v128.load16x4_s(samples + 2 * i);
    const before = v128.load16x4_s(samples + 2 * i - 2);
    const lowNow = f64x2.convert_low_i32x4_s(now);
    const lowBefore = f64x2.convert_low_i32x4_s(before);
    const highNow = f64x2.convert_low_i32x4_s(v128.shuffle<i64>(now, now, 1, 1));
    const highBefore = f64x2.convert_low_i32x4_s(v128.shuffle<i64>(before, before, 1, 1));
    const low = f64x2.sub(f64x2.sub(lowNow, f64x2.mul(emphasis, lowBefore)), offset);
    const high = f64x2.sub(f64x2.sub(highNow, f64x2.mul(emphasis, highBefore)), offset);
    v128.store(target + 8 * i, f64x2.mul(low, v128.load(window + 8 * i)));
    v128.store(target + 8 * i, f64x2.mul(high, v128.load(window + 8 * i, 16)), 16);
  }
  const padded = (count + 3) & ~3;
  if (size > padded) memory.fill(target + 8 * padded, 0, 8 * (size - padded));
}

/**
 * Self-sorting (Stockham) radix-4 FFT of `half` complex numbers at `input`, with a radix-2 stage at the end when `half` is
 * not a power of four, then |X[k]|² of the real signal of 2·`half` numbers packed in them, k = 0 … `half`, at `power`. Of a
 * signal that was given at half its height. `work` is as long as `input`; both are overwritten. `twiddles`: of every stage, for
 * each of its butterflies w, w², w³; `turns`: of every k < `half`/2, −i·exp(−πik/`half`).
 */
export function transform(
  input: usize,
  work: usize,
  half: i32,
  twiddles: usize,
  turns: usize,
  power: usize,
): void {
  let from = input;
  let to = work;
  let n = half;
  let stride = 16;
  let twiddle = twiddles;
  while (n > 4) {
    const quarter = n >> 2;
    const apart = stride * quarter;
    let read = from;
    let write = to;
    for (let p = 0; p < quarter; p++) {
      for (let end = read + stride; read < end; read += 16, write += 16) {
        const a = v128.load(read);
        const b = v128.load(read + apart);
        const c = v128.load(read + 2 * apart);
        const d = v128.load(read + 3 * apart);
        const sum = f64x2.add(a, c);
        const gap = f64x2.sub(a, c);
        const cross = f64x2.add(b, d);
        const turn = conjugate(exchanged(f64x2.sub(b, d)));
        v128.store(write, f64x2.add(sum, cross));
        v128.store(write + stride, turned(f64x2.add(gap, turn), twiddle));
        v128.store(write + 2 * stride, turned(f64x2.sub(sum, cross), twiddle + 32));
        v128.store(write + 3 * stride, turned(f64x2.sub(gap, turn), twiddle + 64));
      }
      write += 3 * stride;
      twiddle += 96;
    }
    const swap = from;
    from = to;
    to = swap;
    n = quarter;
    stride *= 4;
  }
  if (n === 4) lastOfFour(from, to, stride);
  else lastOfTwo(from, to, stride);
  unpack(to, half, turns, power);
}

/** The last stage where `half` is a power of four: every twiddle is 1. */
function lastOfFour(from: usize, to: usize, stride: i32): void {
  for (let at = 0; at < stride; at += 16) {
    const a = v128.load(from + at);
    const b = v128.load(from + stride + at);
    const c = v128.load(from + 2 * stride + at);
    const d = v128.load(from + 3 * stride + at);
    const sum = f64x2.add(a, c);
    const gap = f64x2.sub(a, c);
    const cross = f64x2.add(b, d);
    const turn = conjugate(exchanged(f64x2.sub(b, d)));
    v128.store(to + at, f64x2.add(sum, cross));
    v128.store(to + stride + at, f64x2.add(gap, turn));
    v128.store(to + 2 * stride + at, f64x2.sub(sum, cross));
    v128.store(to + 3 * stride + at, f64x2.sub(gap, turn));
  }
}

/** The last stage where it is not. */
function lastOfTwo(from: usize, to: usize, stride: i32): void {
  for (let at = 0; at < stride; at += 16) {
    const a = v128.load(from + at);
    const b = v128.load(from + stride + at);
    v128.store(to + at, f64x2.add(a, b));
    v128.store(to + stride + at, f64x2.sub(a, b));
  }
}

/** Bins k and half−k come from the same pair: E = even samples' spectrum, O = odd samples', X = E + w·O. */
function unpack(spectrum: usize, half: i32, turns: usize, power: usize): void {
  const re = load<f64>(spectrum);
  const im = load<f64>(spectrum, 8);
  store<f64>(power, 4 * (re + im) * (re + im));
  store<f64>(power + 8 * half, 4 * (re - im) * (re - im));
  let turn = turns + 32;
  let low = spectrum + 16;
  let high = spectrum + 16 * (half - 1);
  let lowPower = power + 8;
  let highPower = power + 8 * (half - 1);
  while (low <= high) {
    const z = v128.load(low);
    const mirrored = conjugate(v128.load(high));
    const even = f64x2.add(z, mirrored);
    const odd = turned(f64x2.sub(z, mirrored), turn);
    const sum = f64x2.add(even, odd);
    const gap = f64x2.sub(even, odd);
    const sumSquares = f64x2.mul(sum, sum);
    const gapSquares = f64x2.mul(gap, gap);
    const powers = f64x2.add(
      v128.shuffle<f64>(sumSquares, gapSquares, 0, 2),
      v128.shuffle<f64>(sumSquares, gapSquares, 1, 3),
    );
    v128.store64_lane(highPower, powers, 1);
    v128.store64_lane(lowPower, powers, 0);
    turn += 32;
    low += 16;
    high -= 16;
    lowPower += 8;
    highPower -= 8;
  }
}
