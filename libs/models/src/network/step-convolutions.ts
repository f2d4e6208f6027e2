import type { StepLayout } from '../features/step-layout.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { type BlockSizes, ConvolutionBlocks, type PastFrames } from './convolution-blocks.ts';
import type { FedTensor, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

/**
 * Causal convolution blocks over the frames of steps that follow each other, silence left out. Pooling makes one of a step's
 * frames, so that every step gives one vector. Each layer must remember two frames of its input from step to step.
 */
export class StepConvolutions {
  /** V: floats that come out of a step, what is no spectrum included. */
  readonly units: number;
  readonly tensors: readonly TensorShape[];
  readonly blocks: ConvolutionBlocks;
  readonly layout: StepLayout;

  /** @throws Error when pooling doesn't make one of a step's frames, or leaves no band */
  constructor(blocks: readonly BlockSizes[], layout: StepLayout) {
    this.blocks = new ConvolutionBlocks(blocks, layout, true);
    this.layout = layout;
    const { poolFrames } = this.blocks;
    const { frames, contextFrames = 0, others } = layout;
    if (frames !== poolFrames || contextFrames !== 0) {
      throw new Error(
        `the blocks' poolSteps make one of ${poolFrames} frames, but a step has ${frames - contextFrames} and ${contextFrames} before them: set features.framesPerStep to ${poolFrames} and features.contextFrames to 0, or pool otherwise`,
      );
    }
    this.units = this.blocks.units + frames * others;
    this.tensors = this.blocks.tensors;
  }

  inputs(batch: SequenceBatch): Record<string, FedTensor> {
    return this.blocks.inputs(batch, this.layout.frames);
  }

  /**
   * features [T, B, F] → [T, B, V]: channels × bands, then what is no spectrum, frame by frame
   * @param past the frames before; without, the clip begins here
   */
  forward(graph: NetworkGraph, features: Value, past: PastFrames | null): Value {
    const { frames, planes, bands, others } = this.layout;
    const spectrum = planes * bands;
    const byFrame = graph.emit('Reshape', [features, graph.integers([0, 0, frames, spectrum + others])]);
    const sizes = others > 0 ? [spectrum, others] : [spectrum];
    const parts = graph.emitMany('Split', [byFrame, graph.integers(sizes)], sizes.length, { axis: -1 });
    const planar = graph.emit('Reshape', [parts[0], graph.integers([0, 0, frames, planes, bands])]);
    const bySpeaker = graph.emit('Transpose', [planar], { perm: [1, 3, 0, 2, 4] });
    const spectra = graph.emit('Reshape', [bySpeaker, graph.integers([0, planes, -1, bands])]);
    const steps = this.blocks.forward(graph, spectra, past);
    if (others === 0) return steps;
    const rest = graph.emit('Reshape', [parts[1], graph.integers([0, 0, frames * others])]);
    return graph.concat([steps, rest], [this.blocks.units, frames * others]);
  }
}
