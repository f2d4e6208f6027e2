import { describe, expect, it } from 'vitest';
import { StreamingNormaliser } from './streaming-normaliser.ts';

const spec = { mean: [1], deviation: [2], priorFrames: 10, memoryFrames: 100 };

function normalised(normaliser: StreamingNormaliser, value: number): number {
  const target = new Float32Array(3);
  normaliser.apply(Float32Array.of(value), target, 1);
  return target[1];
}

describe('streaming normalisation', () => {
  it('starts with the statistics of the training data', () => {
    expect(normalised(new StreamingNormaliser(spec), 5)).toBeCloseTo(2, 6);
  });

  it('weighs the training mean as `priorFrames` frames of the speaker’s own', () => {
    const normaliser = new StreamingNormaliser(spec);
    for (let i = 0; i < 10; i++) normaliser.observe(Float32Array.of(3));
    expect(normalised(normaliser, 2)).toBeCloseTo(0, 6);
  });

  it('follows a speaker who changes, however long the call', () => {
    const normaliser = new StreamingNormaliser(spec);
    for (let i = 0; i < 100_000; i++) normaliser.observe(Float32Array.of(3));
    for (let i = 0; i < 1_000; i++) normaliser.observe(Float32Array.of(7));
    expect(normalised(normaliser, 7)).toBeCloseTo(0, 2);
  });

  it('forgets the speaker when reset', () => {
    const normaliser = new StreamingNormaliser(spec);
    normaliser.observe(Float32Array.of(100));
    normaliser.reset();
    expect(normalised(normaliser, 1)).toBe(0);
  });
});
