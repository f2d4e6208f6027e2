import type { StepLayout } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { type BlockSizes, ConvolutionBlocks } from './convolution-blocks.ts';
import type { FedTensor, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

/** Convolution blocks over a whole clip whose steps are one frame each; several frames become one step. */
export class FrameConvolutions {
  /** How many steps become one. */
  readonly poolSteps: number;
  /** V: floats of a pooled step, what is no spectrum included. */
  readonly units: number;
  readonly tensors: readonly TensorShape[];
  readonly #blocks: ConvolutionBlocks;
  readonly #layout: StepLayout;

  /** @throws Error when a step has several frames, or too few bands for so much pooling */
  constructor(blocks: readonly BlockSizes[], layout: StepLayout) {
    if (layout.frames !== 1) {
      throw new Error(
        `convolutions want steps of one frame, not of ${layout.frames}: set features.framesPerStep to 1 and features.contextFrames to 0`,
      );
    }
    this.#blocks = new ConvolutionBlocks(blocks, layout, false);
    this.#layout = layout;
    this.poolSteps = this.#blocks.poolFrames;
    this.units = this.#blocks.units + layout.others;
    this.tensors = this.#blocks.tensors;
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    return this.#blocks.inputs(batch);
  }

  /** features [T, B, F] → [T / poolSteps, B, V] */
  forward(graph: NetworkGraph): Value {
    const { planes, bands, others } = this.#layout;
    const spectrum = planes * bands;
    const features = graph.input('features', ['T', 'B', spectrum + others]);
    const sizes = others > 0 ? [spectrum, others] : [spectrum];
    const parts = graph.emitMany('Split', [features, graph.integers(sizes)], sizes.length, { axis: -1 });
    const planar = graph.emit('Reshape', [parts[0], graph.integers([0, 0, planes, bands])]);
    const steps = this.#blocks.forward(graph, graph.emit('Transpose', [planar], { perm: [1, 2, 0, 3] }));
    if (others === 0) return steps;
    return graph.concat([steps, this.#averaged(graph, parts[1])], [this.#blocks.units, others]);
  }

  /** [T, B, others] → [T / poolSteps, B, others]: means over the steps that become one, padding counted as zeros. */
  #averaged(graph: NetworkGraph, x: Value): Value {
    const size = { kernel_shape: [this.poolSteps], strides: [this.poolSteps] };
    const rows = graph.emit('Transpose', [x], { perm: [1, 2, 0] });
    return graph.emit('Transpose', [graph.emit('AveragePool', [rows], size)], { perm: [2, 0, 1] });
  }
}
