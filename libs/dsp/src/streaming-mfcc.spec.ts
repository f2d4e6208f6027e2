import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMfccOptions, type MfccOptions } from './mfcc-options.ts';
import { StreamingMfcc } from './streaming-mfcc.ts';

interface Frame {
  mfcc: number[];
  logMel: number[];
}

const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));

function extract(
  options: MfccOptions,
  pieces: Int16Array[],
  extractor = new StreamingMfcc(options),
): Frame[] {
  const frames: Frame[] = [];
  const sink = {
    frame: (mfcc: Float32Array, logMel: Float32Array) => {
      frames.push({ mfcc: [...mfcc], logMel: [...logMel] });
    },
  };
  for (const piece of pieces) extractor.push(piece, sink);
  return frames;
}

/** Straight from the definition: direct DFT, dense filters in mel, dense DCT; shares no code with the extractor. */
function naiveFrame(o: MfccOptions, samples: number[]): Frame {
  const mean = samples.reduce((a, b) => a + b, 0) / samples.length;
  const centred = samples.map((s) => (s - mean) / 32768);
  const windowed = centred.map((s, i) => {
    const emphasised = s - o.preEmphasis * centred[Math.max(0, i - 1)];
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (o.windowSamples - 1));
    const w = { hann, povey: hann ** 0.85, hamming: 0.08 + 0.92 * hann }[o.window];
    return emphasised * w;
  });
  const power = Array.from({ length: o.fftSize / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < windowed.length; i++) {
      re += windowed[i] * Math.cos((2 * Math.PI * k * i) / o.fftSize);
      im -= windowed[i] * Math.sin((2 * Math.PI * k * i) / o.fftSize);
    }
    return re * re + im * im;
  });
  const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);
  const corner = (i: number) => mel(o.lowHz) + (i * (mel(o.highHz) - mel(o.lowHz))) / (o.melBands + 1);
  const logMel = Array.from({ length: o.melBands }, (_, band) => {
    const [left, centre, right] = [corner(band), corner(band + 1), corner(band + 2)];
    const energy = power.reduce((sum, p, k) => {
      const at = mel((k * o.sampleRateHz) / o.fftSize);
      const weight = Math.min((at - left) / (centre - left), (right - at) / (right - centre));
      return sum + p * Math.max(0, weight);
    }, 0);
    return Math.log(Math.max(energy, o.energyFloor));
  });
  const mfcc = Array.from({ length: o.coefficients }, (_, k) => {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / o.melBands);
    const lift = o.lifter === 0 ? 1 : 1 + (o.lifter / 2) * Math.sin((Math.PI * k) / o.lifter);
    const sum = logMel.reduce((s, v, b) => s + v * Math.cos((Math.PI * k * (b + 0.5)) / o.melBands), 0);
    return lift * scale * sum;
  });
  return { mfcc, logMel };
}

function noise(count: number, amplitude = 8_000, seed = 7): Int16Array {
  let state = seed;
  return Int16Array.from({ length: count }, () => {
    state = (1_103_515_245 * state + 12_345) % 2 ** 31;
    return Math.round((state / 2 ** 31 - 0.5) * 2 * amplitude);
  });
}

function expectClose(got: number[], wanted: number[], tolerance: number): void {
  expect(got).toHaveLength(wanted.length);
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i])));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe('StreamingMfcc', () => {
  const variants: [string, Partial<MfccOptions>][] = [
    ['the default options', {}],
    [
      'a Hamming window, a lifter and an odd number of bands',
      { window: 'hamming', lifter: 22, melBands: 27 },
    ],
    ['a Hann window as long as the FFT', { window: 'hann', windowSamples: 512, preEmphasis: 0 }],
    [
      'an FFT size whose half is not a power of four',
      { fftSize: 1_024, windowSamples: 1_000, highHz: 8_000 },
    ],
    ['windows that do not overlap', { hopSamples: 700, windowSamples: 256, fftSize: 256 }],
  ];
  it.each(variants)('agrees with a naive double-precision implementation for %s', (_, variant) => {
    const options = { ...defaultMfccOptions, ...variant };
    const samples = noise(2_400);
    const frames = extract(options, [samples]);
    expect(frames).toHaveLength(1 + Math.floor((2_400 - options.windowSamples) / options.hopSamples));
    frames.forEach((frame, i) => {
      const from = i * options.hopSamples;
      const wanted = naiveFrame(options, [...samples.subarray(from, from + options.windowSamples)]);
      expectClose(frame.logMel, wanted.logMel, 1e-4);
      expectClose(frame.mfcc, wanted.mfcc, 1e-4);
    });
  });

  it("agrees with the log mel energies that Kaldi's own program printed for a sine sweep", () => {
    for (const { samples, logMel } of golden('kaldi-sweep').frames) {
      const [frame] = extract({ ...defaultMfccOptions, highHz: 8_000 }, [Int16Array.from(samples)]);
      for (const [band, wanted] of Object.entries<number>(logMel)) {
        expect(Math.abs(frame.logMel[Number(band)] + 2 * Math.log(32_768) - wanted)).toBeLessThan(2e-4);
      }
    }
  });

  it("agrees with torchaudio's Kaldi-compatible filter banks and liftered MFCCs", () => {
    const reference = golden('torchaudio-kaldi');
    const options = { ...defaultMfccOptions, lifter: 22, energyFloor: 0 };
    const frames = extract(options, [Int16Array.from(reference.samples)]);
    expect(frames).toHaveLength(reference.mfcc.length);
    // The int16 scale of Kaldi moves every log mel energy by the same amount, which the DCT gathers in c0.
    const shift = 2 * Math.log(32_768);
    frames.forEach((frame, i) => {
      expectClose(
        frame.logMel.map((v) => v + shift),
        reference.logMel[i],
        1e-4,
      );
      const shifted = frame.mfcc.map((v, k) => (k === 0 ? v + shift * Math.sqrt(options.melBands) : v));
      // torchaudio keeps its DCT matrix in float32 and then lifts c11 twelvefold.
      expectClose(shifted, reference.mfcc[i], 1e-3);
    });
  });

  it('gives the same frames whatever the sizes of the pieces', () => {
    const samples = noise(3_000);
    const whole = extract(defaultMfccOptions, [samples]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 }), (sizes) => {
        const pieces: Int16Array[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(samples.subarray(at, at + size));
          at += size;
        }
        pieces.push(samples.subarray(at));
        expect(extract(defaultMfccOptions, pieces)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('starts afresh after a reset', () => {
    const samples = noise(1_000);
    const extractor = new StreamingMfcc(defaultMfccOptions);
    extract(defaultMfccOptions, [noise(777, 3_000, 99)], extractor);
    extractor.reset();
    expect(extract(defaultMfccOptions, [samples], extractor)).toEqual(extract(defaultMfccOptions, [samples]));
  });

  it('hands out the same arrays for every frame', () => {
    const seen = new Set<Float32Array>();
    const sink = {
      frame: (mfcc: Float32Array, logMel: Float32Array) => {
        seen.add(mfcc).add(logMel);
      },
    };
    new StreamingMfcc(defaultMfccOptions).push(noise(16_000), sink);
    expect(seen.size).toBe(2);
  });

  it('puts digital silence on the energy floor', () => {
    const [frame] = extract(defaultMfccOptions, [new Int16Array(400)]);
    expectClose(frame.logMel, Array(40).fill(Math.log(1e-10)), 1e-5);
    expect(frame.mfcc.every(Number.isFinite)).toBe(true);
  });

  it.each<[string, Partial<MfccOptions>]>([
    ['a window longer than the FFT', { windowSamples: 600 }],
    ['an FFT size that is no power of two', { fftSize: 480, windowSamples: 400 }],
    ['more coefficients than bands', { coefficients: 41 }],
    ['a hop of nothing', { hopSamples: 0 }],
    ['bands above the Nyquist frequency', { highHz: 9_000 }],
  ])('refuses %s', (_, variant) => {
    expect(() => new StreamingMfcc({ ...defaultMfccOptions, ...variant })).toThrow(RangeError);
  });
});
