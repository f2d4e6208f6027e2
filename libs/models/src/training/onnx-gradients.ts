import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeOnnxModel } from '../export/onnx-message.ts';
import { type Architecture, pooledCount, type TensorShape, tensorShapes } from '../model/architecture.ts';
import { dimensionCount as dimensions } from '../model/emotion-label.ts';
import { ageWeights } from './age-weights.ts';
import { batchTargets, type LossOptions } from './batch-targets.ts';
import { type Dropout, dropoutMask } from './dropout-mask.ts';
import { forwardGraph, gradientGraph } from './graph/training-graph.ts';
import type { NetworkGradients, Weights } from './network-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';

/**
 * Trains on ONNX Runtime's CPU kernels: the gradient is itself an ONNX graph (`gradientGraph`), one run a batch.
 * Why not TensorFlow.js here: docs/decisions/0005-training-on-onnx-runtime.md.
 */
export class OnnxGradients implements NetworkGradients {
  readonly #architecture: Architecture;
  readonly #shapes: TensorShape[];
  readonly #loss: LossOptions;
  readonly #gradient: InferenceSession;
  readonly #forward: InferenceSession;

  /** @param moments Q of every batch */
  static async create(
    architecture: Architecture,
    stepFeatureCount: number,
    labelCount: number,
    moments: number,
    loss: LossOptions,
  ): Promise<OnnxGradients> {
    const session = (graph: ReturnType<typeof forwardGraph>) =>
      InferenceSession.create(encodeOnnxModel(graph, '1'), { intraOpNumThreads: 1, interOpNumThreads: 1 });
    return new OnnxGradients(
      architecture,
      tensorShapes(architecture, stepFeatureCount, labelCount),
      loss,
      await session(gradientGraph(architecture, stepFeatureCount, labelCount, moments, loss.focalGamma)),
      await session(forwardGraph(architecture, stepFeatureCount, labelCount, moments)),
    );
  }

  private constructor(
    architecture: Architecture,
    shapes: TensorShape[],
    loss: LossOptions,
    gradient: InferenceSession,
    forward: InferenceSession,
  ) {
    this.#architecture = architecture;
    this.#shapes = shapes;
    this.#loss = loss;
    this.#gradient = gradient;
    this.#forward = forward;
  }

  async gradients(weights: Weights, batch: TrainingBatch, dropout: Dropout) {
    const { steps: T, clips: B, moments: Q } = batch;
    const R = B * Q;
    const C = batch.targets.length / B;
    const { frontUnits: D, headUnits: E } = this.#architecture;
    const P = pooledCount(this.#architecture);
    const targets = batchTargets(batch);
    const dimensionWeights = new Float32Array(R * dimensions);
    for (let row = 0; row < R; row++) {
      const weight = targets.rowWeights[row];
      // The loss falls as the log probability of the target rises.
      for (let c = 0; c < C; c++) targets.classes[row * C + c] *= -weight;
      dimensionWeights.fill(this.#loss.dimensions * weight, row * dimensions, (row + 1) * dimensions);
    }
    const results = await this.#gradient.run({
      ...this.#inputs(weights, batch),
      frontMask: tensor(dropoutMask(T * B, D, B, dropout), [T, B, D]),
      pooledMask: tensor(dropoutMask(R, P, R, dropout), [R, P]),
      headMask: tensor(dropoutMask(R, E, R, dropout), [R, E]),
      classMask: tensor(targets.classMask, [R, C]),
      targets: tensor(targets.classes, [R, C]),
      dimensionTargets: tensor(targets.dimensions, [R, dimensions]),
      dimensionWeights: tensor(dimensionWeights, [R, dimensions]),
    });
    const gradients = new Map(
      this.#shapes.map(({ name }) => [name, results[`d:${name}`].data as Float32Array]),
    );
    return { loss: (results.loss.data as Float32Array)[0], gradients };
  }

  async outputs(weights: Weights, batch: TrainingBatch): Promise<Float32Array> {
    const { raw } = await this.#forward.run(this.#inputs(weights, batch));
    return raw.data as Float32Array;
  }

  async close(): Promise<void> {
    await this.#gradient.release();
    await this.#forward.release();
  }

  #inputs(weights: Weights, batch: TrainingBatch): Record<string, Tensor> {
    const { steps: T, clips: B, moments: Q, features } = batch;
    const { recurrentUnits: H, decays } = this.#architecture;
    const inputs: Record<string, Tensor> = {
      features: tensor(features, [T, B, features.length / (T * B)]),
      initial: tensor(new Float32Array(B * H), [B, H]),
      ages: tensor(ageWeights(batch, decays), [B, decays.length, Q, T]),
    };
    for (const { name, shape } of this.#shapes) inputs[name] = tensor(weights.get(name)!, shape);
    return inputs;
  }
}

const tensor = (values: Float32Array, dims: readonly number[]) => new Tensor('float32', values, dims);
