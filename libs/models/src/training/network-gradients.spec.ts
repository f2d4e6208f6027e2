import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GruAttention, type GruAttentionArchitecture } from '../network/gru-attention.ts';
import { SeededRandom } from '../seeded-random.ts';
import { initialWeights } from './initial-weights.ts';
import { OnnxGradients } from './onnx-gradients.ts';
import { TfjsGradients } from './tfjs-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';

const F = 7;
const none = () => ({ share: 0, random: new SeededRandom(1) });

/** [5, C] probabilities of the classes that compete, the first clip's all on one. */
function someTargets(random: SeededRandom, classMask: Float32Array, C: number): Float32Array {
  const targets = classMask.map((competes, i) => competes * (i < C ? Number(i === 0) : random.next()));
  for (let at = 0; at < targets.length; at += C) {
    const row = targets.subarray(at, at + C);
    const sum = row.reduce((total, value) => total + value, 0);
    for (let c = 0; c < C; c++) row[c] /= sum;
  }
  return targets;
}

/** Clips of unlike length and weight, of corpora that lack classes. */
function someBatch(seed: number, C: number): TrainingBatch {
  const random = new SeededRandom(seed);
  const [T, B, Q] = [9, 5, 3];
  const classMask = new Float32Array(B * C).fill(1);
  classMask.fill(0, 4, 6);
  return {
    steps: T,
    clips: B,
    moments: Q,
    features: Float32Array.from({ length: T * B * F }, () => random.normal()),
    momentSteps: Int32Array.from({ length: B * Q }, () => random.integer(T)),
    targets: someTargets(random, classMask, C),
    dimensionTargets: Float32Array.from({ length: B * 2 }, () => random.between(-1, 1)),
    classMask,
    weights: Float32Array.from([1, 2, 0.5, 1, 0]),
  };
}

describe.each([
  { deviationPooling: false, focalGamma: 0, labelCount: 8 },
  { deviationPooling: true, focalGamma: 0, labelCount: 7 },
  { deviationPooling: true, focalGamma: 0.5, labelCount: 8 },
  { deviationPooling: true, focalGamma: 2, labelCount: 8 },
  { layerNorm: true, recurrentLayers: 2 as const, focalGamma: 0, labelCount: 8 },
])('the gradients of the training network, with %j', ({ focalGamma, labelCount, ...changes }) => {
  const loss = { dimensions: 0.5, focalGamma };
  const architecture: GruAttentionArchitecture = {
    kind: 'gru-attention',
    frontUnits: 6,
    recurrentUnits: 8,
    scoreUnits: 5,
    headUnits: 6,
    decays: [0.9, 0.99],
    ...changes,
  };
  const batch = someBatch(3, labelCount);
  const network = new GruAttention(
    architecture,
    { frames: 1, planes: 1, bands: F - 1, others: 1 },
    labelCount,
  );
  const weights = initialWeights(network, 5);
  let onnx: OnnxGradients;
  let tfjs: TfjsGradients;

  beforeAll(async () => {
    onnx = await OnnxGradients.create(network, batch.moments, loss);
    tfjs = await TfjsGradients.create(network, loss);
  });
  afterAll(() => onnx.close());

  it('are the same by ONNX Runtime and by TensorFlow.js', async () => {
    const ours = await onnx.gradients(weights, batch, none());
    const theirs = await tfjs.gradients(weights, batch, none());
    expect(ours.loss).toBeCloseTo(theirs.loss, 5);
    expect([...ours.gradients.keys()]).toEqual([...theirs.gradients.keys()]);
    for (const [name, gradient] of ours.gradients) {
      const expected = theirs.gradients.get(name)!;
      expect(Math.max(...expected.map(Math.abs)), name).toBeGreaterThan(1e-6);
      for (const [i, value] of gradient.entries()) expect(value, name).toBeCloseTo(expected[i], 5);
    }
  });

  it('stay the same with units dropped, since both draw the same masks', async () => {
    const dropout = () => ({ share: 0.4, random: new SeededRandom(9) });
    const ours = await onnx.gradients(weights, batch, dropout());
    const theirs = await tfjs.gradients(weights, batch, dropout());
    expect(ours.loss).toBeCloseTo(theirs.loss, 5);
    const undropped = await onnx.gradients(weights, batch, none());
    expect(Math.abs(ours.loss - undropped.loss)).toBeGreaterThan(1e-4);
  });

  it('are the slope of the loss along every weight', async () => {
    const { gradients } = await onnx.gradients(weights, batch, none());
    const step = 2e-3;
    for (const [name, gradient] of gradients) {
      // Along the gradient itself the slope is its length, which no rounding hides.
      const length = Math.hypot(...gradient);
      const lossAt = async (sign: number) => {
        const moved = new Map(weights);
        moved.set(
          name,
          weights.get(name)!.map((value, i) => value + (sign * step * gradient[i]) / length),
        );
        return (await onnx.gradients(moved, batch, none())).loss;
      };
      const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * step);
      // The loss is computed in single precision: what its rounding makes of so small a step is allowed for.
      expect(Math.abs(slope - length), name).toBeLessThan(0.03 * length + 1e-4);
    }
  });

  it('give the same outputs without dropping', async () => {
    const ours = await onnx.outputs(weights, batch);
    const theirs = await tfjs.outputs(weights, batch);
    expect(ours.length).toBe(theirs.length);
    for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(theirs[i], 5);
  });
});

it('TensorFlow.js refuses to train convolutions, and says what does', async () => {
  const network = new GruAttention(
    {
      kind: 'gru-attention',
      frontUnits: 6,
      recurrentUnits: 8,
      scoreUnits: 5,
      headUnits: 6,
      decays: [0.9],
      blocks: [{ channels: 2, convolutions: 1, poolSteps: 1, poolBands: 2 }],
    },
    { frames: 1, planes: 1, bands: F - 1, others: 1 },
    8,
  );
  const creation = TfjsGradients.create(network, { dimensions: 0.5, focalGamma: 0 });
  await expect(creation).rejects.toThrow('use OnnxGradients');
});
