import { createEngine, type EmotionModel } from '@undertone/models';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { OnnxGradients } from '../../libs/models/src/training/onnx-gradients.ts';
import { runnableEngines } from './runnable-engines.ts';
import { everyFeature, options, smallModel } from './small-model.ts';

const T = 9;
const speakers = 3;
const C = 8;

/** [T, speakers, C+2] what the graph that is trained says after each step of whole clips, as probabilities and within −1…1. */
async function trainedOutputs(model: EmotionModel, features: Float32Array): Promise<Float32Array> {
  const network = await OnnxGradients.create(model.network, T, { dimensions: 1, focalGamma: 0 });
  const raw = await network.outputs(model.tensors, {
    steps: T,
    clips: speakers,
    moments: T,
    features,
    momentSteps: Int32Array.from({ length: speakers * T }, (_, i) => i % T),
    targets: new Float32Array(speakers * C),
    dimensionTargets: new Float32Array(speakers * 2),
    classMask: new Float32Array(speakers * C).fill(1),
    weights: new Float32Array(speakers).fill(1),
  });
  await network.close();
  const outputs = new Float32Array(raw.length);
  const width = C + 2;
  for (let n = 0; n < speakers; n++) {
    for (let t = 0; t < T; t++) {
      const own = raw.subarray((n * T + t) * width, (n * T + t + 1) * width);
      const powers = own.subarray(0, C).map((logit) => Math.exp(logit / model.manifest.temperature));
      const sum = powers.reduce((total, power) => total + power, 0);
      const row = (t * speakers + n) * width;
      outputs.set(
        powers.map((power) => power / sum),
        row,
      );
      outputs.set(own.subarray(C).map(Math.tanh), row + C);
    }
  }
  return outputs;
}

/** Who speaks in a tick, and how many steps: together and alone, each speaker at a place of their own. */
const ticks: { steps: number; who: number[] }[] = [
  { steps: 1, who: [0] },
  { steps: 1, who: [0, 2] },
  { steps: 4, who: [2, 1] },
  { steps: 1, who: [1, 0, 2] },
  { steps: 3, who: [1, 2] },
  { steps: 5, who: [0] },
  { steps: 1, who: [1, 0] },
];

describe.each(await runnableEngines())(
  'speakers who are heard step by step by the %s engine',
  { timeout: 120_000 },
  (kind) => {
    it.each([
      ...[{}, ...options].map((changes) => ({ changes, features: undefined })),
      { changes: options.find(({ blocks }) => blocks)!, features: { ...everyFeature, contextFrames: 0 } },
    ])('are told what the trained network says of the whole clip, with %j', async ({ changes, features }) => {
      const { model } = smallModel(1, changes, undefined, features);
      const { stepFeatureCount: F, stateSize: S, outputCount: width } = model;
      const random = new SeededRandom(2);
      const heard = Float32Array.from({ length: T * speakers * F }, () => random.normal());
      const expected = await trainedOutputs(model, heard);
      const engine = await createEngine(model, kind);
      const states = Array.from({ length: speakers }, () => model.initialState());
      const at = new Array<number>(speakers).fill(0);
      for (const { steps, who } of ticks) {
        const batch = {
          steps,
          speakers: who.length,
          features: new Float32Array(steps * who.length * F),
          state: new Float32Array(who.length * S),
          outputs: new Float32Array(steps * who.length * width),
        };
        for (const [i, n] of who.entries()) {
          batch.state.set(states[n], i * S);
          for (let t = 0; t < steps; t++) {
            const from = ((at[n] + t) * speakers + n) * F;
            batch.features.set(heard.subarray(from, from + F), (t * who.length + i) * F);
          }
        }
        await engine.step(batch);
        for (const [i, n] of who.entries()) {
          states[n] = batch.state.slice(i * S, (i + 1) * S);
          for (let t = 0; t < steps; t++) {
            const row = (t * who.length + i) * width;
            const truth = ((at[n] + t) * speakers + n) * width;
            for (let c = 0; c < width; c++)
              expect(Math.abs(batch.outputs[row + c] - expected[truth + c])).toBeLessThan(1e-4);
          }
          at[n] += steps;
        }
      }
      expect(at).toEqual([T, T, T]);
      await engine.close();
    });
  },
);
