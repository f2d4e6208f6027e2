import { describe, expect, it } from 'vitest';
import { confidenceBin } from '../../libs/models/src/drift/confidence-histogram.ts';
import { driftReference } from '../../libs/models/src/drift/drift-reference.ts';
import type { EmotionEngine, StepBatch } from '../../libs/models/src/engine/emotion-engine.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import type { SpeechFrames } from '../../libs/models/src/training/speech-frames.ts';
import { smallModel } from './small-model.ts';

const { model } = smallModel();

/** Says `answer` of every step. */
const saying = (answer: (step: number) => number[]): EmotionEngine => ({
  name: 'scripted',
  step: async ({ steps, outputs }: StepBatch) => {
    for (let step = 0; step < steps; step++) outputs.set([...answer(step), 0, 0], 10 * step);
  },
  close: async () => {},
});

function spoken(frames: number): SpeechFrames {
  const random = new SeededRandom(1);
  const { melBands } = model.featureSpec.mfcc;
  return {
    bands: melBands,
    logMel: Float32Array.from({ length: frames * melBands }, () => -8 + random.normal()),
    pitch: new Float32Array(2 * frames),
    waveform: null,
    speech: new Uint8Array(frames).fill(1),
  };
}

describe('the drift reference', () => {
  it('is the mean of what is shown from the first second on', async () => {
    const certain = [0.65, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05];
    // 2 s are 50 steps, of which those from the 25th on count; half a second says nothing.
    const reference = await driftReference(
      model,
      saying(() => certain),
      [spoken(200), spoken(50)],
    );
    expect(reference?.moments).toBe(26);
    for (const [k, p] of certain.entries()) expect(reference?.posterior[k]).toBeCloseTo(p, 5);
    expect(reference?.confidence).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  });

  it('is smoothed as a call is', async () => {
    const even = (step: number) => Array.from({ length: 8 }, (_, k) => (k === step % 2 ? 1 : 0));
    const reference = await driftReference(model, saying(even), [spoken(400)]);
    // Each step is certain, but no moment that is shown is.
    expect(reference?.confidence.slice(0, 6).reduce((a, b) => a + b)).toBe(1);
    expect(reference?.posterior[0]).toBeCloseTo(0.5, 1);
  });

  it('is none where there is not enough speech', async () => {
    expect(
      await driftReference(
        model,
        saying(() => new Array(8).fill(0.125)),
        [spoken(90)],
      ),
    ).toBeNull();
  });
});

it('a judgement is counted in the tenth that its highest probability lies in', () => {
  expect(confidenceBin([0.125, 0.3, 0.575])).toBe(5);
  expect(confidenceBin([1, 0])).toBe(9);
  expect(confidenceBin([])).toBe(0);
});
