import { defaultMfccOptions } from '@undertone/dsp';
import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from './feature-spec.ts';
import { StepStacker } from './step-stacker.ts';

const pitch = { logHz: 5, voicing: 0 };

/** One coefficient that is not normalised, so that frames can be told apart. */
const spec = (framesPerStep: number, contextFrames: number): FeatureSpec => ({
  rules: 1,
  mfcc: {
    ...defaultMfccOptions,
    coefficients: 1,
    sampleRateHz: 16_000,
    windowSamples: 400,
    hopSamples: 160,
    fftSize: 512,
  },
  framesPerStep,
  contextFrames,
  normalisation: { mean: [0], deviation: [1], priorFrames: 1e12, memoryFrames: 1 },
});

/** The steps that the frames 1, 2, 3 … complete, all of them speech but those in `silent`. */
function stepsOf(stacker: StepStacker, frames: number, silent: readonly number[] = []) {
  const steps: { features: number[]; speech: boolean }[] = [];
  for (let k = 1; k <= frames; k++) {
    stacker.frame(Float32Array.of(k), pitch, !silent.includes(k), {
      step: (features, speech) => {
        steps.push({ features: [...features].map(Math.round), speech });
      },
    });
  }
  return steps;
}

describe('steps', () => {
  it('begin with the frames just before their own, and with zeros before the first', () => {
    expect(stepsOf(new StepStacker(spec(2, 3)), 7).map(({ features }) => features)).toEqual([
      [0, 0, 0, 1, 2],
      [0, 1, 2, 3, 4],
      [2, 3, 4, 5, 6],
    ]);
    expect(stepsOf(new StepStacker(spec(3, 1)), 9).map(({ features }) => features)).toEqual([
      [0, 1, 2, 3],
      [3, 4, 5, 6],
      [6, 7, 8, 9],
    ]);
  });

  it('show silent frames in their context, and are speech by their own frames alone', () => {
    expect(stepsOf(new StepStacker(spec(2, 2)), 6, [3, 4])).toEqual([
      { features: [0, 0, 1, 2], speech: true },
      { features: [1, 2, 3, 4], speech: false },
      { features: [3, 4, 5, 6], speech: true },
    ]);
  });

  it('forget context and unfinished step when reset', () => {
    const stacker = new StepStacker(spec(2, 2));
    stepsOf(stacker, 5);
    stacker.reset();
    expect(stepsOf(stacker, 4)).toEqual(stepsOf(new StepStacker(spec(2, 2)), 4));
  });
});
