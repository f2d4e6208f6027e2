import { describe, expect, it } from 'vitest';
import { DescriptorNormaliser } from './descriptor-normaliser.ts';
import type { FrameMeasures } from './frame-measures.ts';

const normalisation = { mean: [], deviation: [], priorFrames: 10, memoryFrames: 100 };
const spec = {
  names: ['zeroCrossings' as const, 'energy' as const],
  mean: [0.1, 12],
  deviation: [0.05, 2],
};

const frame = (zeroCrossings: number, energy: number): FrameMeasures => ({
  mfcc: new Float32Array(0),
  logMel: new Float32Array(8),
  pitch: { logHz: 5, voicing: 0 },
  waveform: { energy, peak: energy / 2, zeroCrossings },
});

function normalised(normaliser: DescriptorNormaliser, measures: FrameMeasures): number[] {
  const target = new Float32Array(4);
  normaliser.push(measures, false);
  normaliser.apply(target, 1);
  return [...target.subarray(1, 3)];
}

describe('normalisation of descriptors', () => {
  it('starts with the statistics of the training data, in the order of the names', () => {
    const [crossings, energy] = normalised(new DescriptorNormaliser(spec, 8, normalisation), frame(0.2, 8));
    expect(crossings).toBeCloseTo(2, 5);
    expect(energy).toBeCloseTo(-2, 5);
  });

  it('cancels the gain of a microphone, but not what does not depend on it', () => {
    const normaliser = new DescriptorNormaliser(spec, 8, normalisation);
    for (let i = 0; i < 10; i++) normaliser.push(frame(0.2, 16), true);
    expect(normalised(normaliser, frame(0.2, 16))[1]).toBeCloseTo(1, 5);
    for (let i = 0; i < 5_000; i++) normaliser.push(frame(0.2, 16), true);
    expect(normalised(normaliser, frame(0.2, 16))).toEqual([expect.closeTo(2, 5), expect.closeTo(0, 5)]);
    normaliser.reset();
    expect(normalised(normaliser, frame(0.2, 16))[1]).toBeCloseTo(2, 5);
  });

  it('learns nothing from silence', () => {
    const normaliser = new DescriptorNormaliser(spec, 8, normalisation);
    for (let i = 0; i < 100; i++) normaliser.push(frame(0, 0), false);
    expect(normalised(normaliser, frame(0.1, 12))).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
  });

  it('is bounded in digital silence', () => {
    expect(normalised(new DescriptorNormaliser(spec, 8, normalisation), frame(0, 0))).toEqual([-2, -5]);
  });
});
