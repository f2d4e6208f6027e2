import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StepLayout, stepFloats } from '../features/step-layout.ts';
import { type Architecture, createNetwork } from '../model/architecture.ts';
import { SeededRandom } from '../seeded-random.ts';
import { initialWeights } from './initial-weights.ts';
import { OnnxGradients } from './onnx-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';

const C = 4;
const layout: StepLayout = { frames: 1, planes: 2, bands: 6, others: 3 };
/** Of the streaming kind, whose convolutions make one of a step's frames. */
const stacked: StepLayout = { frames: 4, planes: 2, bands: 4, others: 1 };
const recurrent = { frontUnits: 5, recurrentUnits: 4, scoreUnits: 3, heads: 2, headUnits: 6 };
const convolutional = {
  blocks: [
    { channels: 3, convolutions: 2, poolSteps: 2 as const, poolBands: 2 as const },
    { channels: 4, convolutions: 1, poolSteps: 2 as const, poolBands: 1 as const },
  ],
  stepUnits: 5,
  scoreUnits: 3,
  heads: 2,
  headUnits: 6,
};
const streaming = {
  kind: 'gru-attention' as const,
  ...recurrent,
  decays: [0.9, 0.99],
  blocks: convolutional.blocks,
};
const kinds: [string, Architecture, StepLayout?][] = [
  ['gru', { kind: 'gru', ...recurrent, layers: 1, bidirectional: false, pooling: 'last' }],
  ['lstm of two layers', { kind: 'lstm', ...recurrent, layers: 2, bidirectional: false, pooling: 'last' }],
  [
    'gru in both directions',
    { kind: 'gru', ...recurrent, layers: 1, bidirectional: true, pooling: 'attention' },
  ],
  [
    'lstm of two layers in both directions',
    { kind: 'lstm', ...recurrent, layers: 2, bidirectional: true, pooling: 'attention' },
  ],
  ['cnn', { kind: 'cnn', ...convolutional }],
  ['cnn-lstm', { kind: 'cnn-lstm', ...convolutional, recurrentUnits: 4 }],
  ['gru-attention with convolutions', { ...streaming, layerNorm: true, deviationPooling: true }, stacked],
];

/** Clips of these lengths, zeros behind their ends, judged at their ends. */
function batchOf(F: number, lengths: number[], steps: (clip: number) => Float32Array): TrainingBatch {
  const [T, B] = [Math.max(...lengths), lengths.length];
  const features = new Float32Array(T * B * F);
  for (const [b, length] of lengths.entries()) {
    for (let t = 0; t < length; t++) {
      features.set(steps(b).subarray(t * F, (t + 1) * F), (t * B + b) * F);
    }
  }
  const random = new SeededRandom(8);
  const targets = new Float32Array(B * C);
  for (let b = 0; b < B; b++) targets[b * C + (b % C)] = 1;
  return {
    steps: T,
    clips: B,
    moments: 1,
    features,
    momentSteps: Int32Array.from(lengths, (length) => length - 1),
    targets,
    dimensionTargets: Float32Array.from({ length: 2 * B }, () => random.between(-1, 1)),
    classMask: new Float32Array(B * C).fill(1),
    weights: new Float32Array(B).fill(1),
  };
}

describe.each(kinds)('the network of the kind %s', (_, architecture, ownLayout = layout) => {
  const F = stepFloats(ownLayout);
  const lengths = [13, 8, 11, 1, 5];
  const random = new SeededRandom(2);
  const clips = lengths.map((length) => Float32Array.from({ length: length * F }, () => random.normal()));
  const batch = batchOf(F, lengths, (clip) => clips[clip]);
  const network = createNetwork(architecture, ownLayout, C);
  const weights = initialWeights(network, 5);
  // Away from the beginning, where scales are 1 and biases 0.
  for (const values of weights.values()) {
    for (const [i, value] of values.entries()) values[i] = value + 0.1 * random.next();
  }
  const none = () => ({ share: 0, random: new SeededRandom(1) });
  let onnx: OnnxGradients;

  beforeAll(async () => {
    onnx = await OnnxGradients.create(network, 1, { dimensions: 0.5, focalGamma: 0 });
  });
  afterAll(() => onnx.close());

  it('has for gradient the slope of the loss along every weight', async () => {
    const { gradients } = await onnx.gradients(weights, batch, none());
    const step = 2e-3;
    for (const [name, gradient] of gradients) {
      const length = Math.hypot(...gradient);
      const lossAt = async (sign: number) => {
        const moved = new Map(weights);
        const values = weights.get(name)!.map((value, i) => value + (sign * step * gradient[i]) / length);
        return (await onnx.gradients(moved.set(name, values), batch, none())).loss;
      };
      const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * step);
      expect(length, name).toBeGreaterThan(1e-5);
      expect(Math.abs(slope - length), name).toBeLessThan(0.03 * length + 3e-4);
    }
  });

  it('says the same of a clip alone and in a padded batch', async () => {
    const together = await onnx.outputs(weights, batch);
    for (const [b, length] of lengths.entries()) {
      const alone = await onnx.outputs(
        weights,
        batchOf(F, [length], () => clips[b]),
      );
      for (const [i, value] of alone.entries()) {
        expect(Math.abs(value - together[b * (C + 2) + i])).toBeLessThan(1e-4);
      }
    }
  });

  it('loses units to dropout', async () => {
    const { loss } = await onnx.gradients(weights, batch, none());
    const dropped = await onnx.gradients(weights, batch, { share: 0.4, random: new SeededRandom(9) });
    expect(Math.abs(loss - dropped.loss)).toBeGreaterThan(1e-4);
  });

  it('judges in training, where statistics are the batch’s, as with these statistics afterwards', async () => {
    const { loss, statistics } = await onnx.gradients(weights, batch, none());
    const raw = await onnx.outputs(new Map([...weights, ...statistics]), batch);
    let expected = 0;
    for (let b = 0; b < lengths.length; b++) {
      const own = raw.subarray(b * (C + 2), (b + 1) * (C + 2));
      const logits = own.subarray(0, C);
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      expected += Math.log(sum) - logits[b % C];
      for (const d of [0, 1])
        expected += 0.5 * (Math.tanh(own[C + d]) - batch.dimensionTargets[2 * b + d]) ** 2;
    }
    expect(loss).toBeCloseTo(expected / lengths.length, 4);
  });

  it(`${network.isCausal ? 'may' : 'may not'} be trained at moments before a clip’s end`, async () => {
    const creation = OnnxGradients.create(network, 3, { dimensions: 0.5, focalGamma: 0 });
    if (network.isCausal) await (await creation).close();
    else await expect(creation).rejects.toThrow('set momentsPerClip to 1');
  });
});

it('convolutions refuse features that they can’t lay out as steps × bands', () => {
  const cnn: Architecture = { kind: 'cnn', ...convolutional };
  expect(() => createNetwork(cnn, { ...layout, frames: 4 }, C)).toThrow('set features.framesPerStep to 1');
  expect(() => createNetwork(cnn, { ...layout, bands: 1 }, C)).toThrow('pooling leaves nothing of 1 bands');
});

it('causal convolutions want as many frames of a step as they pool, and none before them', () => {
  const wanted = 'set features.framesPerStep to 4 and features.contextFrames to 0';
  expect(() => createNetwork(streaming, { ...stacked, frames: 2 }, C)).toThrow(wanted);
  expect(() => createNetwork(streaming, { ...stacked, contextFrames: 2 }, C)).toThrow(wanted);
  expect(() => createNetwork(streaming, { ...stacked, bands: 1 }, C)).toThrow('pooling leaves nothing');
});
