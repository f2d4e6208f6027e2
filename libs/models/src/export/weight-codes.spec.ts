import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { float16Weights, int8Weights, roundedTensors } from './weight-codes.ts';

/** The value of a code, from the definition of binary16 in IEEE 754-2008, §3.4. */
function halfValue(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >> 10) & 0x1f;
  const fraction = code & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const codeOf = (value: number) => {
  const halves = float16Weights(Float32Array.of(value));
  return new Uint16Array(halves.buffer)[0];
};

describe('float16 weights', () => {
  const everyCode = Array.from({ length: 65_536 }, (_, code) => code);
  const finite = everyCode.filter((code) => Number.isFinite(halfValue(code)));

  it('keep every value that a half can have, subnormals and signed zeros included', () => {
    const halves = float16Weights(Float32Array.from(finite, halfValue));
    expect([...new Uint16Array(halves.buffer)]).toEqual(finite);
    expect([...halves]).toEqual(finite.map(halfValue));
  });

  it('round to the nearest, and from the middle to the even code, between any two neighbours', () => {
    const positive = finite.filter((code) => code < 0x7bff);
    const middles = Float32Array.from(positive, (code) => (halfValue(code) + halfValue(code + 1)) / 2);
    // The neighbours of a float32, one bit away.
    const nextTo = (bits: number) =>
      new Float32Array(Uint32Array.from(new Uint32Array(middles.buffer), (own) => own + bits).buffer);
    const even = positive.map((code) => (code % 2 === 0 ? code : code + 1));
    expect([...new Uint16Array(float16Weights(middles).buffer)]).toEqual(even);
    expect([...new Uint16Array(float16Weights(nextTo(-1)).buffer)]).toEqual(positive);
    expect([...new Uint16Array(float16Weights(nextTo(1)).buffer)]).toEqual(positive.map((code) => code + 1));
    const negative = float16Weights(middles.map((middle) => -middle));
    expect([...new Uint16Array(negative.buffer)]).toEqual(even.map((code) => code | 0x8000));
  });

  it('refuse what is beyond the largest half', () => {
    expect(codeOf(65_519.996)).toBe(0x7bff);
    for (const value of [65_520, -1e6, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => float16Weights(Float32Array.of(0.5, value))).toThrow(RangeError);
    }
  });
});

describe('int8 weights', () => {
  const dims = [2, 5, 7];
  const random = new SeededRandom(4);
  const values = Float32Array.from({ length: 70 }, (_, i) => (1 + (i % 7)) * random.normal());

  it.each([0, 1, 2])('are within half a step of their channel, along axis %i', (axis) => {
    const { codes, scales } = int8Weights(values, dims, axis);
    expect(scales).toHaveLength(dims[axis]);
    const largest = new Float64Array(dims[axis]);
    for (let a = 0, i = 0; a < dims[0]; a++) {
      for (let b = 0; b < dims[1]; b++) {
        for (let c = 0; c < dims[2]; c++, i++) {
          const channel = [a, b, c][axis];
          expect(Math.abs(codes[i] * scales[channel] - values[i])).toBeLessThanOrEqual(
            0.500_001 * scales[channel],
          );
          largest[channel] = Math.max(largest[channel], Math.abs(codes[i]));
        }
      }
    }
    expect([...largest]).toEqual(new Array(dims[axis]).fill(127));
  });

  it('keep a channel of zeros', () => {
    const { codes, scales } = int8Weights(Float32Array.of(0, 3, 0, -6), [2, 2], 1);
    expect([...codes]).toEqual([0, 64, 0, -127]);
    expect([...scales]).toEqual([1, Math.fround(6 / 127)]);
  });
});

it('rounded tensors have new kernels and their old biases', () => {
  const tensors = new Map([
    ['kernel', Float32Array.of(0.1, 20, -0.3, 10)],
    ['bias', Float32Array.of(0.1, 1 / 3)],
  ]);
  const shapes = [
    { name: 'kernel', shape: [2, 2] },
    { name: 'bias', shape: [2] },
  ];
  const int8 = roundedTensors(tensors, shapes, 'int8');
  expect(int8.get('bias')).toEqual(tensors.get('bias'));
  // Columns are channels: 0.1 and −0.3 are not lost beside 20 and 10.
  expect(int8.get('kernel')![0]).toBeCloseTo((42 * 0.3) / 127, 6);
  const float16 = roundedTensors(tensors, shapes, 'float16');
  expect(float16.get('kernel')![0]).toBe(Math.f16round(0.1));
  expect(float16.get('bias')).toEqual(tensors.get('bias'));
});
