import { z } from 'zod';
import type { StepLayout } from '../features/step-layout.ts';
import { addChannelBias, convolution } from '../graph/convolution.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { maxPooling } from '../graph/max-pooling.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

/** Bands that a filter looks at, and those that pooling makes one of. */
export const bandKernel = 5;
export const bandPool = 2;

/** Filters of each convolution. */
export const bandConvolutionsSchema = z.array(z.int().min(1).max(256)).min(1).max(3);

/**
 * Convolutions over the bands of each step, its frames being the channels: bias, ReLU, max pooling of two bands after each.
 * Nothing is carried from step to step, so they change nothing of the state.
 */
export class BandConvolutions {
  /** V: floats that come out of a step, what is no spectrum included. */
  readonly units: number;
  readonly tensors: readonly TensorShape[];
  readonly layout: StepLayout;
  /** Sizes of each convolution; `bands` before its pooling. */
  readonly stages: readonly { name: string; inputs: number; outputs: number; bands: number }[];

  /** @throws Error when the bands don't suffice for so much pooling */
  constructor(filters: readonly number[], layout: StepLayout) {
    this.layout = layout;
    let inputs = layout.frames * layout.planes;
    let { bands } = layout;
    this.stages = filters.map((outputs, i) => {
      const stage = { name: `bands${i}`, inputs, outputs, bands };
      inputs = outputs;
      bands = Math.floor(bands / bandPool);
      return stage;
    });
    if (bands === 0)
      throw new Error(
        `pooling leaves nothing of ${layout.bands} bands: set fewer filters in frontConvolution`,
      );
    this.units = inputs * bands + layout.frames * layout.others;
    this.tensors = this.stages.flatMap((stage) => [
      { name: `${stage.name}.kernel`, shape: [stage.outputs, stage.inputs, 1, bandKernel] },
      { name: `${stage.name}.bias`, shape: [stage.outputs] },
    ]);
  }

  /** features [T, B, F] → [T, B, V]: the filters' answers, filter by filter, then what is no spectrum, frame by frame */
  forward(graph: NetworkGraph, features: Value): Value {
    const { frames, planes, bands, others } = this.layout;
    const byFrame = graph.emit('Reshape', [
      features,
      graph.integers([0, 0, frames, planes * bands + others]),
    ]);
    const sizes = others > 0 ? [planes * bands, others] : [planes * bands];
    const parts = graph.emitMany('Split', [byFrame, graph.integers(sizes)], sizes.length, { axis: -1 });
    let x = graph.emit('Reshape', [parts[0], graph.integers([-1, frames * planes, 1, bands])]);
    for (const { name, inputs, outputs } of this.stages) {
      const y = convolution(graph, x, `${name}.kernel`, { inputs, outputs, height: 1, width: bandKernel });
      x = maxPooling(graph, graph.relu(addChannelBias(graph, y, `${name}.bias`, outputs)), 1, bandPool);
    }
    const V = this.units - frames * others;
    const steps = this.#bySteps(graph, x, features, V);
    if (others === 0) return steps;
    const rest = graph.emit('Reshape', [parts[1], graph.integers([0, 0, frames * others])]);
    return graph.concat([steps, rest], [V, frames * others]);
  }

  /** [T·B, O, 1, bands] → [T, B, V] */
  #bySteps(graph: NetworkGraph, x: Value, features: Value, V: number): Value {
    const { outputs, bands } = this.stages.at(-1)!;
    const bounds = [graph.integers([0]), graph.integers([2])];
    const steps = graph.emit('Slice', [graph.emit('Shape', [features]), ...bounds]);
    const shape = graph.emit('Concat', [steps, graph.integers([V])], { axis: 0 });
    const y = graph.emit('Reshape', [x, shape]);
    const back = graph.integers([-1, outputs, 1, Math.floor(bands / bandPool)]);
    graph.onBackward(y, (dy) => graph.accumulate(x, graph.emit('Reshape', [dy, back])));
    return y;
  }
}
