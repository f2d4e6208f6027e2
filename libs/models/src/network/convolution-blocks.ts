import { z } from 'zod';
import type { StepLayout } from '../features/step-layout.ts';
import { batchNorm, fixedBatchNorm } from '../graph/batch-norm.ts';
import { convolution } from '../graph/convolution.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { maxPooling } from '../graph/max-pooling.ts';
import type { FedTensor, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

const side = 3;

/** Convolutions of 3 steps × 3 bands, each with batch normalisation and ReLU, then max pooling. */
const blockSchema = z.object({
  channels: z.int().min(1).max(512),
  convolutions: z.int().min(1).max(4),
  poolSteps: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  poolBands: z.union([z.literal(1), z.literal(2), z.literal(4)]),
});
export const blocksSchema = z.array(blockSchema).min(1).max(8);
type Block = z.infer<typeof blockSchema>;

/** Blocks of 2-D convolutions over steps × bands: what a spectrogram network begins with. A step is one frame. */
export class ConvolutionBlocks {
  /** How many steps become one. */
  readonly poolSteps: number;
  /** V: floats of a pooled step, what is no spectrum included. */
  readonly units: number;
  readonly tensors: readonly TensorShape[];
  readonly #layout: StepLayout;
  readonly #blocks: readonly Block[];
  /** Channels and bands after the last block. */
  readonly #channels: number;
  readonly #bands: number;

  /** @throws Error when a step has several frames, or too few bands for so much pooling */
  constructor(blocks: readonly Block[], layout: StepLayout) {
    if (layout.frames !== 1) {
      throw new Error(
        `convolutions want steps of one frame, not of ${layout.frames}: set features.framesPerStep to 1 and features.contextFrames to 0`,
      );
    }
    this.#blocks = blocks;
    this.#layout = layout;
    this.poolSteps = blocks.reduce((product, block) => product * block.poolSteps, 1);
    let { planes: inputs, bands } = layout;
    const tensors: TensorShape[] = [];
    for (const [i, { channels, convolutions, poolBands }] of blocks.entries()) {
      for (let j = 0; j < convolutions; j++) {
        const layer = `block${i}.convolution${j}`;
        tensors.push(
          { name: `${layer}.kernel`, shape: [channels, inputs, side, side] },
          { name: `${layer}.scale`, shape: [channels], initial: () => 1 },
          { name: `${layer}.bias`, shape: [channels] },
          { name: `${layer}.mean`, shape: [channels], isStatistic: true },
          { name: `${layer}.variance`, shape: [channels], isStatistic: true, initial: () => 1 },
        );
        inputs = channels;
      }
      bands = Math.floor(bands / poolBands);
    }
    if (bands === 0) throw new Error(`pooling leaves nothing of ${layout.bands} bands: pool fewer of them`);
    this.#channels = inputs;
    this.#bands = bands;
    this.units = inputs * bands + layout.others;
    this.tensors = tensors;
  }

  /** Which positions each block sees that are no padding, `validN` [B, 1, T / pooled, 1]. */
  inputs({ steps, clips, moments, momentSteps }: SequenceBatch): Record<string, FedTensor> {
    const masks: Record<string, FedTensor> = {};
    let pooled = 1;
    for (const { poolSteps } of this.#blocks) {
      const length = steps / pooled;
      const values = new Float32Array(clips * length);
      for (let b = 0; b < clips; b++) {
        const valid = Math.ceil((momentSteps[(b + 1) * moments - 1] + 1) / pooled);
        values.fill(1, b * length, b * length + valid);
      }
      masks[`valid${pooled}`] = { dims: [clips, 1, length, 1], values };
      pooled *= poolSteps;
    }
    return masks;
  }

  /** features [T, B, F] → [T / poolSteps, B, V] */
  forward(graph: NetworkGraph): Value {
    const { planes, bands, others } = this.#layout;
    const F = planes * bands + others;
    const features = graph.input('features', ['T', 'B', F]);
    const parts = graph.emitMany(
      'Split',
      [features, graph.integers(others > 0 ? [F - others, others] : [F])],
      others > 0 ? 2 : 1,
      { axis: -1 },
    );
    const planar = graph.emit('Reshape', [parts[0], graph.integers([0, 0, planes, bands])]);
    let x = graph.emit('Transpose', [planar], { perm: [1, 2, 0, 3] });
    let inputs = planes;
    let pooled = 1;
    for (const [i, block] of this.#blocks.entries()) {
      const mask = graph.input(`valid${pooled}`, ['B', 1, `T${pooled}`, 1]);
      for (let j = 0; j < block.convolutions; j++) {
        x = this.#layer(graph, x, mask, `block${i}.convolution${j}`, inputs, block.channels);
        inputs = block.channels;
      }
      x = maxPooling(graph, x, block.poolSteps, block.poolBands);
      pooled *= block.poolSteps;
    }
    const V = this.#channels * this.#bands;
    const inTime = graph.transpose(x, [2, 0, 1, 3]);
    const steps = graph.reshape(inTime, [0, 0, V], [0, 0, this.#channels, this.#bands]);
    if (others === 0) return steps;
    return graph.concat([steps, this.#averaged(graph, parts[1])], [V, others]);
  }

  #layer(graph: NetworkGraph, x: Value, mask: Value, layer: string, inputs: number, outputs: number): Value {
    const size = { inputs, outputs, height: side, width: side };
    const y = convolution(graph, x, `${layer}.kernel`, size);
    const norm = { scale: `${layer}.scale`, bias: `${layer}.bias`, channels: outputs };
    if (!graph.isTraining) {
      return graph.relu(fixedBatchNorm(graph, y, mask, norm, `${layer}.mean`, `${layer}.variance`));
    }
    const { output, mean, variance } = batchNorm(graph, y, mask, norm);
    graph.statistics.set(`${layer}.mean`, mean).set(`${layer}.variance`, variance);
    return graph.relu(output);
  }

  /** [T, B, others] → [T / poolSteps, B, others]: means over the steps that become one, padding counted as zeros. */
  #averaged(graph: NetworkGraph, x: Value): Value {
    const size = { kernel_shape: [this.poolSteps], strides: [this.poolSteps] };
    const rows = graph.emit('Transpose', [x], { perm: [1, 2, 0] });
    return graph.emit('Transpose', [graph.emit('AveragePool', [rows], size)], { perm: [2, 0, 1] });
  }
}
