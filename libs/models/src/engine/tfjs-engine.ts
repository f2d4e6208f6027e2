import * as tf from '@tensorflow/tfjs-core';
import type { EmotionModel } from '../model/emotion-model.ts';
import { ModelError } from '../model/model-error.ts';
import { varianceFloor } from '../network/attention-pooling.ts';
import type { EmotionEngine, StepBatch } from './emotion-engine.ts';
import { checkStepBatch } from './step-batch-check.ts';
import { selectTfjsBackend } from './tfjs-backend.ts';
import { TfjsConvolutions } from './tfjs-convolutions.ts';
import { tfjsFront } from './tfjs-front.ts';

/** TensorFlow.js: for the GPU through tfjs-node-gpu, and a fallback where ONNX Runtime does not run. */
export class TfjsEngine implements EmotionEngine {
  readonly name: string;
  readonly #model: EmotionModel;
  readonly #weights = new Map<string, tf.Tensor>();
  readonly #logDecays: tf.Tensor;
  readonly #convolutions: TfjsConvolutions | null;

  private constructor(model: EmotionModel, backend: string) {
    this.name = `tfjs-${backend}`;
    this.#model = model;
    const { architecture } = model.manifest;
    for (const { name, shape } of model.network.tensors) {
      this.#weights.set(name, tf.tensor(model.tensor(name), shape));
    }
    this.#logDecays = tf.tensor(architecture.decays.map(Math.log));
    const { convolutions } = model.network;
    this.#convolutions = convolutions && new TfjsConvolutions(convolutions, this.#weight);
  }

  /**
   * @param onGpu whether anything else than a GPU is an error
   * @throws ModelError `engine-unavailable` when a GPU is wanted and TensorFlow finds none
   */
  static async create(model: EmotionModel, onGpu: boolean): Promise<TfjsEngine> {
    const backend = await selectTfjsBackend();
    if (onGpu && backend !== 'node-gpu') {
      throw new ModelError(
        'engine-unavailable',
        `TensorFlow.js found no GPU and would run on ${backend}: complete tfjs-node-gpu with npm run setup -- --gpu, install CUDA 11 with cuDNN 8 (see nvidia-smi), or choose another engine`,
      );
    }
    return new TfjsEngine(model, backend);
  }

  async step(batch: StepBatch): Promise<void> {
    checkStepBatch(this.#model, batch);
    if (this.#logDecays.isDisposed) throw new Error('the engine is closed');
    const [outputs, state] = tf.tidy(() => this.#forward(batch));
    try {
      batch.outputs.set((await outputs.data()) as Float32Array);
      batch.state.set((await state.data()) as Float32Array);
    } finally {
      tf.dispose([outputs, state]);
    }
  }

  /** [T·N, C+2] and [N, S] */
  #forward({ steps: T, speakers: N, features, state }: StepBatch): [tf.Tensor2D, tf.Tensor2D] {
    const { stepFeatureCount: F, stateSize: S, outputCount } = this.#model;
    const { recurrentUnits: H, layers: L, heads: K, summedUnits: W, sizes } = this.#model.stateLayout;
    const C = this.#model.labels.length;

    const input = tf.tensor2d(features.subarray(0, T * N * F), [T * N, F]);
    const rows = tf.tensor2d(state.subarray(0, N * S), [N, S]);
    const parts = tf.split(rows, [...sizes], 1) as tf.Tensor2D[];
    const outputs = parts.splice(0, L);
    const past = parts.splice(3);
    const seen = this.#convolutions?.forward(input, N, past) ?? input;
    const front = tfjsFront(this.#model.network, seen, { weight: this.#weight, matMul: tf.matMul });
    let [maximum, weight] = parts;
    let sum: tf.Tensor = tf.reshape(parts[2], [N, K, W]);
    const pooled: tf.Tensor2D[] = [];
    for (const step of tf.split(front, T) as tf.Tensor2D[]) {
      let hidden = step;
      for (const [i, { name }] of this.#model.network.recurrences.entries()) {
        outputs[i] = this.#recur(name, hidden, outputs[i]);
        hidden = outputs[i];
      }
      const scoreHidden = tf.tanh(this.#dense(hidden, 'attention'));
      const score = tf.matMul(scoreHidden, this.#weight('attention.score'));
      const decayed = tf.add(maximum, this.#logDecays);
      maximum = tf.maximum(decayed, score);
      const kept = tf.exp(tf.sub(decayed, maximum));
      const gained = tf.exp(tf.sub(score, maximum));
      weight = tf.add(tf.mul(weight, kept), gained);
      const summed = W === H ? hidden : tf.concat([hidden, tf.square(hidden)], 1);
      sum = tf.add(
        tf.mul(sum, tf.expandDims(kept, 2)),
        tf.mul(tf.expandDims(gained, 2), tf.expandDims(summed, 1)),
      );
      const means = tf.div(sum, tf.expandDims(weight, 2)) as tf.Tensor3D;
      pooled.push(tf.reshape(W === H ? means : withDeviation(means), [N, K * W]) as tf.Tensor2D);
    }
    const head = tf.relu(this.#dense(tf.concat(pooled, 0), 'head'));
    const [logits, dimensions] = tf.split(this.#dense(head, 'output'), [C, outputCount - C], 1);
    const probabilities = tf.softmax(tf.div(logits, this.#model.manifest.temperature));
    return [
      tf.concat([probabilities, tf.tanh(dimensions)], 1) as tf.Tensor2D,
      tf.concat([...outputs, maximum, weight, tf.reshape(sum, [N, K * W]), ...past], 1) as tf.Tensor2D,
    ];
  }

  /** One step of the GRU `layer`: its input [N, I] and last output [N, H] → the next [N, H]. */
  #recur(layer: string, input: tf.Tensor2D, hidden: tf.Tensor2D): tf.Tensor2D {
    const recurrent = tf.matMul(hidden, this.#weight(`${layer}.recurrentKernel`));
    const [updateIn, resetIn, candidateIn] = tf.split(this.#dense(input, layer), 3, 1);
    const [updateBack, resetBack, candidateBack] = tf.split(recurrent, 3, 1);
    const update = tf.sigmoid(tf.add(updateIn, updateBack));
    const reset = tf.sigmoid(tf.add(resetIn, resetBack));
    const biased = tf.add(candidateBack, this.#weight(`${layer}.candidateBias`));
    const candidate = tf.tanh(tf.add(candidateIn, tf.mul(reset, biased)));
    return tf.add(candidate, tf.mul(update, tf.sub(hidden, candidate)));
  }

  #dense(input: tf.Tensor2D, layer: string): tf.Tensor2D {
    return tf.add(tf.matMul(input, this.#weight(`${layer}.kernel`)), this.#weight(`${layer}.bias`));
  }

  readonly #weight = (name: string): tf.Tensor2D => this.#weights.get(name) as tf.Tensor2D;

  async close(): Promise<void> {
    tf.dispose([...this.#weights.values(), this.#logDecays]);
    this.#convolutions?.dispose();
  }
}

/** [N, K, 2H] weighted means of the outputs and of their squares → the means and the deviations. */
export function withDeviation(means: tf.Tensor3D): tf.Tensor3D {
  const [mean, square] = tf.split(means, 2, 2);
  const variance = tf.relu(tf.sub(square, tf.square(mean)));
  return tf.concat([mean, tf.sqrt(tf.add(variance, varianceFloor))], 2) as tf.Tensor3D;
}
