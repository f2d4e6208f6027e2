import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeOnnxModel } from '../export/onnx-message.ts';
import { dimensionCount as dimensions } from '../model/emotion-label.ts';
import type { FedTensor, Network } from '../network/network.ts';
import { padSteps } from '../network/padded-batch.ts';
import { batchTargets, type LossOptions } from './batch-targets.ts';
import { type Dropout, dropoutMask } from './dropout-mask.ts';
import type { NetworkGradients, Weights } from './network-gradients.ts';
import type { TrainingBatch } from './training-batch.ts';
import { forwardGraph, gradientGraph } from './training-graph.ts';

/**
 * Trains any network on ONNX Runtime's CPU kernels: the gradient is itself an ONNX graph (`gradientGraph`), one run a
 * batch. Why not TensorFlow.js here: docs/decisions/0005-training-on-onnx-runtime.md.
 */
export class OnnxGradients implements NetworkGradients {
  readonly #network: Network;
  readonly #loss: LossOptions;
  readonly #gradient: InferenceSession;
  readonly #forward: InferenceSession;

  /**
   * @param moments Q of every batch
   * @throws Error when the network judges whole clips only, and several moments are asked for
   */
  static async create(network: Network, moments: number, loss: LossOptions): Promise<OnnxGradients> {
    if (!network.isCausal && moments !== 1) {
      throw new Error(
        `this architecture judges whole clips, so only their end can be trained: set momentsPerClip to 1, not ${moments}`,
      );
    }
    const session = (graph: ReturnType<typeof forwardGraph>) =>
      InferenceSession.create(encodeOnnxModel(graph, '1'), { intraOpNumThreads: 1, interOpNumThreads: 1 });
    return new OnnxGradients(
      network,
      loss,
      await session(gradientGraph(network, moments, loss.focalGamma)),
      await session(forwardGraph(network, moments)),
    );
  }

  private constructor(
    network: Network,
    loss: LossOptions,
    gradient: InferenceSession,
    forward: InferenceSession,
  ) {
    this.#network = network;
    this.#loss = loss;
    this.#gradient = gradient;
    this.#forward = forward;
  }

  async gradients(weights: Weights, batch: TrainingBatch, dropout: Dropout) {
    const { clips: B, moments: Q } = batch;
    const R = B * Q;
    const C = batch.targets.length / B;
    const targets = batchTargets(batch);
    const dimensionWeights = new Float32Array(R * dimensions);
    for (let row = 0; row < R; row++) {
      const weight = targets.rowWeights[row];
      // The loss falls as the log probability of the target rises.
      for (let c = 0; c < C; c++) targets.classes[row * C + c] *= -weight;
      dimensionWeights.fill(this.#loss.dimensions * weight, row * dimensions, (row + 1) * dimensions);
    }
    const feeds = this.#inputs(weights, batch, ({ isStatistic }) => !isStatistic);
    for (const { name, per, units } of this.#network.dropout) {
      const rows = per === 'clip' ? B : R;
      feeds[name] = tensor({ dims: [rows, units], values: dropoutMask(rows, units, rows, dropout) });
    }
    const results = await this.#gradient.run({
      ...feeds,
      classMask: tensor({ dims: [R, C], values: targets.classMask }),
      targets: tensor({ dims: [R, C], values: targets.classes }),
      dimensionTargets: tensor({ dims: [R, dimensions], values: targets.dimensions }),
      dimensionWeights: tensor({ dims: [R, dimensions], values: dimensionWeights }),
    });
    const values = (prefix: string, isWanted: boolean) =>
      new Map(
        this.#network.tensors
          .filter(({ isStatistic = false }) => isStatistic === isWanted)
          .map(({ name }) => [name, results[prefix + name].data as Float32Array]),
      );
    return {
      loss: (results.loss.data as Float32Array)[0],
      gradients: values('d:', false),
      statistics: values('s:', true),
    };
  }

  async outputs(weights: Weights, batch: TrainingBatch): Promise<Float32Array> {
    const { raw } = await this.#forward.run(this.#inputs(weights, batch, () => true));
    return raw.data as Float32Array;
  }

  async close(): Promise<void> {
    await this.#gradient.release();
    await this.#forward.release();
  }

  #inputs(
    weights: Weights,
    batch: TrainingBatch,
    isFed: (shape: Network['tensors'][number]) => boolean,
  ): Record<string, Tensor> {
    const { features, sequence } = padSteps(batch, this.#network.stepMultiple);
    const feeds: Record<string, Tensor> = { features: tensor(features) };
    for (const [name, fed] of Object.entries(this.#network.inputs(sequence))) feeds[name] = tensor(fed);
    for (const shape of this.#network.tensors) {
      if (isFed(shape)) feeds[shape.name] = tensor({ dims: shape.shape, values: weights.get(shape.name)! });
    }
    return feeds;
  }
}

const tensor = ({ dims, values }: FedTensor) => new Tensor('float32', values, dims);
