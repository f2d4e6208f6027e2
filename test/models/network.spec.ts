import { expect, it } from 'vitest';
import { referenceForward } from '../../libs/models/src/engine/reference-forward.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { OnnxGradients } from '../../libs/models/src/training/onnx-gradients.ts';
import { options, smallModel } from './small-model.ts';

it.each([{}, ...options])(
  'the network that is trained computes what the streaming model says after each moment, with %j',
  async (changes) => {
    const { model } = smallModel(1, changes);
    const { stepFeatureCount: F, outputCount, stateSize: S } = model;
    const Q = 3;
    const loss = { dimensions: 1, focalGamma: 0 };
    const network = await OnnxGradients.create(model.network, Q, loss);
    const T = 9;
    const B = 2;
    const momentSteps = Int32Array.of(0, 4, 8, 2, 3, 8);
    const random = new SeededRandom(2);
    const features = Float32Array.from({ length: T * B * F }, () => random.normal());
    const raw = await network.outputs(model.tensors, {
      steps: T,
      clips: B,
      moments: Q,
      features,
      momentSteps,
      targets: new Float32Array(B * 8),
      dimensionTargets: new Float32Array(B * 2),
      classMask: new Float32Array(B * 8).fill(1),
      weights: new Float32Array(B).fill(1),
    });
    await network.close();

    const state = new Float32Array(B * S);
    for (let b = 0; b < B; b++) state.set(model.initialState(), b * S);
    const outputs = new Float32Array(T * B * outputCount);
    referenceForward(model, { steps: T, speakers: B, features, state, outputs });
    for (const [row, step] of momentSteps.entries()) {
      const logits = raw.subarray(row * outputCount, row * outputCount + 8);
      const weights = Array.from(logits, (logit) => Math.exp(logit / model.manifest.temperature));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      const from = (step * B + Math.floor(row / Q)) * outputCount;
      for (let c = 0; c < 8; c++) expect(weights[c] / sum).toBeCloseTo(outputs[from + c], 5);
      expect(Math.tanh(raw[row * outputCount + 8])).toBeCloseTo(outputs[from + 8], 5);
    }
  },
);
