import type { Value } from '../graph/differentiable-graph.ts';
import { type ConvolutionLayer, type PastFrames, pastFrames } from '../network/convolution-blocks.ts';
import type { NetworkGraph } from '../network/network-graph.ts';

/** Beyond the end of every axis, as `Slice` wants it. */
const end = 2 ** 31 - 1;

/** The frames before, kept in the speakers' state from run to run. */
export class KeptFrames implements PastFrames {
  /** What is to be kept next, in the order of the layers written so far. */
  readonly next: Value[] = [];
  readonly #graph: NetworkGraph;
  readonly #kept: readonly Value[];

  /** @param kept of each layer in turn [N, channels · `pastFrames` · bands] */
  constructor(graph: NetworkGraph, kept: readonly Value[]) {
    this.#graph = graph;
    this.#kept = kept;
  }

  before(x: Value, { inputs, bands }: ConvolutionLayer): Value {
    const graph = this.#graph;
    const kept = this.#kept[this.next.length];
    const shape = graph.integers([0, inputs, pastFrames, bands]);
    const frames = graph.emit('Concat', [graph.emit('Reshape', [kept, shape]), x], { axis: 2 });
    const bounds = [graph.integers([-pastFrames]), graph.integers([end]), graph.integers([2])];
    const last = graph.emit('Slice', [frames, ...bounds]);
    this.next.push(graph.emit('Reshape', [last, graph.integers([0, inputs * pastFrames * bands])]));
    return frames;
  }
}
