import * as tf from '@tensorflow/tfjs-core';
import { withDeviation } from '../engine/tfjs-engine.ts';
import { type Architecture, tensorShapes } from '../model/architecture.ts';
import { SeededRandom } from '../seeded-random.ts';
import { gruSequence } from './gru-sequence.ts';
import { matMul } from './mat-mul.ts';
import type { TrainingBatch } from './training-batch.ts';

/** Weight of a step that lies after the moment judged. */
const neverSeen = -1e9;

/**
 * The streaming model over whole clips, for training. The attention's running sums are computed for the moments judged
 * only, as one softmax over the steps before them: log weight = score + age · ln(decay), the same numbers.
 */
export class GruAttentionNetwork {
  readonly variables: ReadonlyMap<string, tf.Variable>;
  readonly #architecture: Architecture;

  constructor(architecture: Architecture, stepFeatureCount: number, seed: number) {
    this.#architecture = architecture;
    const random = new SeededRandom(seed);
    this.variables = new Map(
      tensorShapes(architecture, stepFeatureCount).map(({ name, shape }) => [
        name,
        tf.variable(initialValues(name, shape, random)),
      ]),
    );
  }

  /**
   * Raw outputs [B·Q, C+2] (logits, then valence and arousal before their tanh).
   * @param dropout share of units dropped and where the masks come from; null outside training
   */
  forward(batch: TrainingBatch, dropout: { share: number; random: SeededRandom } | null): tf.Tensor2D {
    const { steps: T, clips: B, moments: Q } = batch;
    const { recurrentUnits: H, decays, deviationPooling } = this.#architecture;
    const K = decays.length;
    const F = batch.features.length / (T * B);
    const drop = (input: tf.Tensor2D, rows: number): tf.Tensor2D =>
      dropout === null ? input : tf.mul(input, dropoutMask(input.shape, rows, dropout.share, dropout.random));

    const input = tf.tensor2d(batch.features, [T * B, F]);
    const front = drop(tf.relu(this.#dense(input, 'front')), B);
    const gates = this.#dense(front, 'gru', 'gru.kernel');
    const hidden = gruSequence(
      gates,
      this.#variable('gru.recurrentKernel'),
      this.#variable<tf.Tensor1D>('gru.candidateBias'),
      T,
    );
    const scoreHidden = tf.tanh(this.#dense(hidden, 'attention'));
    const scores = matMul(scoreHidden, this.#variable('attention.score'));
    // [T, B, K] → [B, K, 1, T], then each moment's own ages on top.
    const scoreRows = tf.reshape(tf.transpose(tf.reshape(scores, [T, B, K]), [1, 2, 0]), [B, K, 1, T]);
    const ages = tf.tensor4d(ageWeights(batch, decays), [B, K, Q, T]);
    const attention = tf.reshape(tf.softmax(tf.add(scoreRows, ages)), [B, K * Q, T]) as tf.Tensor3D;
    const hiddenByClip = tf.transpose(tf.reshape(hidden, [T, B, H]), [1, 0, 2]) as tf.Tensor3D;
    const W = deviationPooling === true ? 2 * H : H;
    const summed = W === H ? hiddenByClip : tf.concat([hiddenByClip, tf.square(hiddenByClip)], 2);
    const means = tf.matMul(attention, summed) as tf.Tensor3D;
    const pooled = tf.reshape(W === H ? means : withDeviation(means), [B, K, Q, W]);
    const rows = tf.reshape(tf.transpose(pooled, [0, 2, 1, 3]), [B * Q, K * W]) as tf.Tensor2D;
    const head = drop(tf.relu(this.#dense(drop(rows, B * Q), 'head')), B * Q);
    return this.#dense(head, 'output');
  }

  /** Replaces every weight. */
  load(tensors: ReadonlyMap<string, Float32Array>): void {
    for (const [name, variable] of this.variables) {
      const value = tf.tensor(tensors.get(name)!, variable.shape);
      variable.assign(value);
      value.dispose();
    }
  }

  #dense(input: tf.Tensor2D, layer: string, kernel = `${layer}.kernel`): tf.Tensor2D {
    return tf.add(matMul(input, this.#variable(kernel)), this.#variable(`${layer}.bias`));
  }

  #variable<T extends tf.Tensor = tf.Tensor2D>(name: string): T {
    return this.variables.get(name) as unknown as T;
  }

  dispose(): void {
    tf.dispose([...this.variables.values()]);
  }
}

/** [B, K, Q, T] what a step's age takes from its attention score at each moment. */
function ageWeights(
  { steps: T, clips: B, moments: Q, momentSteps }: TrainingBatch,
  decays: number[],
): Float32Array {
  const result = new Float32Array(B * decays.length * Q * T).fill(neverSeen);
  let at = 0;
  for (let b = 0; b < B; b++) {
    for (const decay of decays) {
      const logDecay = Math.log(decay);
      for (let q = 0; q < Q; q++, at += T) {
        const now = momentSteps[b * Q + q];
        for (let t = 0; t <= now; t++) result[at + t] = (now - t) * logDecay;
      }
    }
  }
  return result;
}

/**
 * 0 for the units dropped, and for the others what keeps the mean as it was (inverted dropout). The mask of the first
 * `rows` rows repeats: a clip loses the same units at every step (Gal & Ghahramani 2016).
 */
function dropoutMask(
  shape: [number, number],
  rows: number,
  share: number,
  random: SeededRandom,
): tf.Tensor2D {
  const kept = 1 / (1 - share);
  const mask = new Float32Array(shape[0] * shape[1]);
  const period = rows * shape[1];
  for (let i = 0; i < period; i++) mask[i] = random.next() < share ? 0 : kept;
  for (let at = period; at < mask.length; at += period) mask.copyWithin(at, 0, period);
  return tf.tensor2d(mask, shape);
}

/** Glorot-uniform kernels, zero biases; the recurrent kernel is scaled down so that long memories start stable. */
function initialValues(name: string, shape: number[], random: SeededRandom): tf.Tensor {
  const values = new Float32Array(shape.reduce((count, n) => count * n, 1));
  if (shape.length === 2) {
    const fanOut = name.startsWith('gru.') ? shape[1] / 3 : shape[1];
    const limit = Math.sqrt(6 / (shape[0] + fanOut)) * (name === 'gru.recurrentKernel' ? 0.7 : 1);
    for (let i = 0; i < values.length; i++) values[i] = random.between(-limit, limit);
  }
  return tf.tensor(values, shape);
}
