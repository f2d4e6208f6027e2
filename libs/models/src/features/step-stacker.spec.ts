import { defaultMfccOptions } from '@undertone/dsp';
import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from './feature-spec.ts';
import { StepStacker } from './step-stacker.ts';

const silent = {
  logMel: new Float32Array(40),
  pitch: { logHz: 5, voicing: 0 },
  waveform: { energy: 0, peak: 0, zeroCrossings: 0 },
};

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

/** The steps that the frames 1, 2, 3 … complete, all of them speech but the pauses. */
function stepsOf(stacker: StepStacker, frames: number, pauses: readonly number[] = []) {
  const steps: { features: number[]; speech: boolean }[] = [];
  for (let k = 1; k <= frames; k++) {
    stacker.frame({ ...silent, mfcc: Float32Array.of(k) }, !pauses.includes(k), {
      step: (features, speech) => {
        steps.push({ features: [...features].map(Math.round), speech });
      },
    });
  }
  return steps;
}

describe('acquaintance', () => {
  /** Everything that learns from a speaker. */
  const learning: FeatureSpec = {
    ...spec(1, 0),
    pitch: { meanLogHz: 5, priorFrames: 50, memoryFrames: 3_000 },
    descriptors: { names: ['energy', 'zeroCrossings'], mean: [3, 0.2], deviation: [1, 0.1] },
    normalisation: { mean: [0], deviation: [1], priorFrames: 300, memoryFrames: 3_000 },
  };
  const usual = {
    mfcc: Float32Array.of(4),
    logMel: new Float32Array(40),
    pitch: { logHz: 5.5, voicing: 1 },
    waveform: { energy: 6, peak: 0, zeroCrossings: 0.3 },
  };
  const stepOf = (stacker: StepStacker): number[] => {
    let step: number[] = [];
    stacker.frame({ ...usual, mfcc: Float32Array.of(9) }, true, {
      step: (features) => {
        step = [...features];
      },
    });
    return step;
  };

  it('normalises as if the earlier speech had been heard', () => {
    const heard = new StepStacker(learning);
    for (let k = 0; k < 400; k++) heard.frame(usual, true, { step: () => {} });
    const told = new StepStacker(learning);
    for (let k = 0; k < 8; k++) told.acquaint(usual, 50);
    const expected = stepOf(heard);
    for (const [i, value] of stepOf(told).entries()) expect(value).toBeCloseTo(expected[i], 1);
    for (const [i, value] of stepOf(new StepStacker(learning)).entries()) {
      // Voicing, pitch against everyone's mean and zero crossings do not depend on the speaker's usual.
      if ([1, 2, 5].includes(i)) expect(value).toBeCloseTo(expected[i], 5);
      else expect(Math.abs(value - expected[i])).toBeGreaterThan(0.3);
    }
  });

  it('outlasts a recording', () => {
    const stacker = new StepStacker(learning);
    for (let k = 0; k < 8; k++) stacker.acquaint(usual, 50);
    const known = stepOf(stacker);
    stacker.beginRecording();
    for (const [i, value] of stepOf(stacker).entries()) expect(value).toBeCloseTo(known[i], 1);
  });

  it('is forgotten with the speaker', () => {
    const stacker = new StepStacker(learning);
    stacker.acquaint(usual, 500);
    stacker.reset();
    expect(stepOf(stacker)).toEqual(stepOf(new StepStacker(learning)));
  });
});

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

  it('give beside each spectrum its change and the change of that', () => {
    const steps = stepsOf(new StepStacker({ ...spec(1, 0), deltas: 2 }), 12);
    // Along a line the slope is 1 once five frames are known, times the gain of 4, and ΔΔ is 0 once nine are.
    for (const [i, { features }] of steps.slice(9).entries()) expect(features).toEqual([10 + i, 4, 0]);
    expect(steps[0].features).toEqual([1, 0, 0]);
  });

  it('give pitch, then descriptors, behind the spectrum', () => {
    const stacker = new StepStacker({
      ...spec(1, 0),
      pitch: { meanLogHz: 5, priorFrames: 50, memoryFrames: 500 },
      descriptors: { names: ['zeroCrossings', 'energy'], mean: [0, 0], deviation: [1, 1] },
    });
    const features: number[] = [];
    stacker.frame(
      {
        ...silent,
        mfcc: Float32Array.of(9),
        pitch: { logHz: 5, voicing: 1 },
        waveform: { ...silent.waveform, zeroCrossings: 0.25, energy: 3 },
      },
      false,
      { step: (step) => features.push(...step) },
    );
    expect(features).toEqual([9, 1, 0, 0, 0.25, 3]);
  });
});
