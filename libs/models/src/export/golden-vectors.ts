import { referenceForward } from '../engine/reference-forward.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import { SeededRandom } from '../seeded-random.ts';

/** Inputs and the outputs that every engine must give for them: golden.json beside the weights, one for each precision. */
export interface GoldenVectors {
  steps: number;
  speakers: number;
  /** Greatest difference allowed. */
  tolerance: number;
  features: number[];
  outputs: number[];
  /** After the last step; the state before the first is `initialState()`. */
  state: number[];
}

const steps = 6;
const speakers = 2;
const decimals = 1e7;

/** Random steps, some far louder than speech, through the double-precision reference. */
export function goldenVectors(model: EmotionModel): GoldenVectors {
  const random = new SeededRandom(7);
  const features = new Float32Array(steps * speakers * model.stepFeatureCount);
  for (let i = 0; i < features.length; i++)
    features[i] = Math.fround(Math.round(1e3 * 1.5 * random.normal()) / 1e3);
  const state = new Float32Array(speakers * model.stateSize);
  for (let n = 0; n < speakers; n++) state.set(model.initialState(), n * model.stateSize);
  const outputs = new Float32Array(steps * speakers * model.outputCount);
  referenceForward(model, { steps, speakers, features, state, outputs });
  return {
    steps,
    speakers,
    tolerance: 1e-4,
    features: listed(features),
    outputs: listed(outputs),
    state: listed(state),
  };
}

const listed = (values: Float32Array) =>
  Array.from(values, (value) => Math.round(value * decimals) / decimals);
