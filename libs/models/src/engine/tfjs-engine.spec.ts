import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { stepLayout } from '../features/step-layout.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import { loadModel } from '../model/load-model.ts';
import { GruAttention } from '../network/gru-attention.ts';
import { elementCount } from '../network/tensor-shape.ts';
import { selectTfjsBackend } from './tfjs-backend.ts';
import { TfjsEngine } from './tfjs-engine.ts';

/** The shipped model with convolutions before it; its weights are all the same. */
async function convolvingModel(): Promise<EmotionModel> {
  const { manifest, onnx } = await loadModel();
  const blocks = [{ channels: 3, convolutions: 2, poolSteps: 4 as const, poolBands: 2 as const }];
  const architecture = { ...manifest.architecture, blocks };
  const { tensors } = new GruAttention(architecture, stepLayout(manifest.features), manifest.labels.length);
  const weights = tensors.map(({ name, shape }): [string, Float32Array] => [
    name,
    new Float32Array(elementCount(shape)).fill(0.01),
  ]);
  return new EmotionModel({ ...manifest, architecture }, new Map(weights), onnx);
}

it('TensorFlow.js keeps no tensor of a step, and none of a closed engine', async () => {
  await selectTfjsBackend();
  const before = memory().numTensors;
  const model = await convolvingModel();
  const engine = await TfjsEngine.create(model, false);
  const prepared = memory().numTensors;
  expect(prepared).toBeGreaterThan(before);
  for (const [steps, speakers] of [
    [1, 1],
    [1, 5],
    [3, 2],
  ]) {
    await engine.step({
      steps,
      speakers,
      features: new Float32Array(steps * speakers * model.stepFeatureCount),
      state: new Float32Array(speakers * model.stateSize),
      outputs: new Float32Array(steps * speakers * model.outputCount),
    });
    expect(memory().numTensors).toBe(prepared);
  }
  await engine.close();
  expect(memory().numTensors).toBe(before);
});
