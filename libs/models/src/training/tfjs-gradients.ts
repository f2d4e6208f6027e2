import * as tf from '@tensorflow/tfjs-core';
import { selectTfjsBackend } from '../engine/tfjs-backend.ts';
import { withDeviation } from '../engine/tfjs-engine.ts';
import { tfjsFront } from '../engine/tfjs-front.ts';
import { focalFloor } from '../graph/focal-loss.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { ageWeights } from '../network/age-weights.ts';
import type { GruAttention } from '../network/gru-attention.ts';
import type { TensorShape } from '../network/tensor-shape.ts';
import { batchTargets, type LossOptions } from './batch-targets.ts';
import { type Dropout, dropoutMask } from './dropout-mask.ts';
import { gruSequence } from './gru-sequence.ts';
import { matMul } from './mat-mul.ts';
import type { NetworkGradients, Weights } from './network-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';

/** The weights of one computation, by name. */
type Tensors = ReadonlyMap<string, tf.Tensor>;

/** Trains on TensorFlow.js: on the GPU with tfjs-node-gpu, and what `OnnxGradients` is checked against. */
export class TfjsGradients implements NetworkGradients {
  readonly #network: GruAttention;
  readonly #shapes: readonly TensorShape[];
  readonly #lossOptions: LossOptions;

  /** @throws Error when the network has convolutions */
  static async create(network: GruAttention, lossOptions: LossOptions): Promise<TfjsGradients> {
    if (network.convolutions !== null) {
      throw new Error(
        'TensorFlow.js does not train convolutions here: use OnnxGradients, or leave out architecture.blocks',
      );
    }
    await selectTfjsBackend();
    return new TfjsGradients(network, lossOptions);
  }

  private constructor(network: GruAttention, lossOptions: LossOptions) {
    this.#network = network;
    this.#shapes = network.tensors;
    this.#lossOptions = lossOptions;
  }

  async gradients(weights: Weights, batch: TrainingBatch, dropout: Dropout) {
    const names = this.#shapes.map(({ name }) => name);
    const { value, grads } = tf.tidy(() =>
      tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const byName = new Map(names.map((name, i) => [name, tensors[i]]));
        return this.#loss(this.#forward(byName, batch, dropout), batch);
      })(this.#tensors(weights)),
    );
    const loss = (await value.data())[0];
    const gradients = new Map<string, Float32Array>();
    for (const [i, name] of names.entries()) gradients.set(name, (await grads[i].data()) as Float32Array);
    tf.dispose([value, ...grads]);
    return { loss, gradients, statistics: new Map() };
  }

  async outputs(weights: Weights, batch: TrainingBatch): Promise<Float32Array> {
    const raw = tf.tidy(() => {
      const tensors = this.#tensors(weights);
      return this.#forward(new Map(this.#shapes.map(({ name }, i) => [name, tensors[i]])), batch, null);
    });
    const values = (await raw.data()) as Float32Array;
    raw.dispose();
    return values;
  }

  async close(): Promise<void> {}

  #tensors(weights: Weights): tf.Tensor[] {
    return this.#shapes.map(({ name, shape }) => tf.tensor(weights.get(name)!, shape));
  }

  /**
   * Raw outputs [B·Q, C+2]. The attention's running sums are computed for the moments judged only, as one softmax over
   * the steps before them: log weight = score + age · ln(decay), the same numbers.
   */
  #forward(weights: Tensors, batch: TrainingBatch, dropout: Dropout | null): tf.Tensor2D {
    const { steps: T, clips: B, moments: Q } = batch;
    const { recurrentUnits: H, decays, deviationPooling } = this.#network.architecture;
    const K = decays.length;
    const F = batch.features.length / (T * B);
    const weight = <T extends tf.Tensor = tf.Tensor2D>(name: string) => weights.get(name) as T;
    const dense = (input: tf.Tensor2D, layer: string): tf.Tensor2D =>
      tf.add(matMul(input, weight(`${layer}.kernel`)), weight(`${layer}.bias`));
    const drop = (input: tf.Tensor2D, period: number): tf.Tensor2D => {
      if (dropout === null) return input;
      const [rows, units] = input.shape;
      return tf.mul(input, tf.tensor2d(dropoutMask(rows, units, period, dropout), [rows, units]));
    };

    const features = tf.tensor2d(batch.features, [T * B, F]);
    let hidden = tfjsFront(this.#network, features, { weight, matMul });
    for (const { name } of this.#network.recurrences) {
      hidden = gruSequence(
        dense(drop(hidden, B), name),
        weight(`${name}.recurrentKernel`),
        weight<tf.Tensor1D>(`${name}.candidateBias`),
        T,
      );
    }
    const scores = matMul(tf.tanh(dense(hidden, 'attention')), weight('attention.score'));
    // [T, B, K] → [B, K, 1, T], then each moment's own ages on top.
    const scoreRows = tf.reshape(tf.transpose(tf.reshape(scores, [T, B, K]), [1, 2, 0]), [B, K, 1, T]);
    const ages = tf.tensor4d(ageWeights(batch, decays).values, [B, K, Q, T]);
    const attention = tf.reshape(tf.softmax(tf.add(scoreRows, ages)), [B, K * Q, T]) as tf.Tensor3D;
    const hiddenByClip = tf.transpose(tf.reshape(hidden, [T, B, H]), [1, 0, 2]) as tf.Tensor3D;
    const W = deviationPooling === true ? 2 * H : H;
    const summed = W === H ? hiddenByClip : tf.concat([hiddenByClip, tf.square(hiddenByClip)], 2);
    const means = tf.matMul(attention, summed) as tf.Tensor3D;
    const pooled = tf.reshape(W === H ? means : withDeviation(means), [B, K, Q, W]);
    const rows = tf.reshape(tf.transpose(pooled, [0, 2, 1, 3]), [B * Q, K * W]) as tf.Tensor2D;
    const head = drop(tf.relu(dense(drop(rows, B * Q), 'head')), B * Q);
    return dense(head, 'output');
  }

  /** See `batchTargets`. */
  #loss(raw: tf.Tensor2D, batch: TrainingBatch): tf.Scalar {
    const rows = batch.clips * batch.moments;
    const C = batch.targets.length / batch.clips;
    const targets = batchTargets(batch);
    const [logits, dimensions] = tf.split(raw, [C, dimensionCount], 1);
    const logProbabilities = tf.logSoftmax(tf.add(logits, tf.tensor2d(targets.classMask, [rows, C])));
    const rest = tf.sub(1 + focalFloor, tf.exp(logProbabilities));
    const focused = tf.mul(tf.pow(rest, this.#lossOptions.focalGamma), logProbabilities);
    const crossEntropy = tf.neg(tf.sum(tf.mul(focused, tf.tensor2d(targets.classes, [rows, C])), 1));
    const error = tf.squaredDifference(
      tf.tanh(dimensions),
      tf.tensor2d(targets.dimensions, [rows, dimensionCount]),
    );
    const perRow = tf.add(crossEntropy, tf.mul(this.#lossOptions.dimensions, tf.sum(error, 1)));
    return tf.sum(tf.mul(perRow, tf.tensor1d(targets.rowWeights)));
  }
}
