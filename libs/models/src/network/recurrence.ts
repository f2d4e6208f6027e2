import type { Value } from '../graph/differentiable-graph.ts';
import { gruLayer } from '../graph/gru-layer.ts';
import { lstmLayer } from '../graph/lstm-layer.ts';
import { reverseSequences } from '../graph/reversal.ts';
import type { FedTensor, SequenceBatch } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/** Gates of a GRU are ordered update, reset, candidate. */
export const gruShapes = (layer: string, inputs: number, units: number): TensorShape[] => [
  { name: `${layer}.kernel`, shape: [inputs, 3 * units], gates: 3 },
  { name: `${layer}.recurrentKernel`, shape: [units, 3 * units], gates: 3 },
  { name: `${layer}.bias`, shape: [3 * units] },
  // Added to the recurrent part of the candidate before the reset gate multiplies it (cuDNN's form of the GRU).
  { name: `${layer}.candidateBias`, shape: [units] },
];

/** Gates of an LSTM are ordered input, forget, candidate, output. It begins by forgetting little (Jozefowicz et al. 2015). */
export const lstmShapes = (layer: string, inputs: number, units: number): TensorShape[] => {
  const [kernel, bias] = denseShapes(layer, inputs, 4 * units);
  return [
    { ...kernel, gates: 4 },
    { name: `${layer}.recurrentKernel`, shape: [units, 4 * units], gates: 4 },
    { ...bias, initial: (i) => (i >= units && i < 2 * units ? 1 : 0) },
  ];
};

/** x [T, B, I] → the GRU's outputs [T, B, H] from a zero state. */
export function gru(graph: NetworkGraph, x: Value, layer: string, inputs: number, units: number): Value {
  const gates = graph.dense(x, layer, [inputs, 3 * units]);
  const [kernel, candidateBias] = [`${layer}.recurrentKernel`, `${layer}.candidateBias`];
  return gruLayer(graph, gates, kernel, candidateBias, zeroState(graph, x, units), units);
}

/** x [T, B, I] → the LSTM's outputs [T, B, H] from a zero state. */
export function lstm(graph: NetworkGraph, x: Value, layer: string, inputs: number, units: number): Value {
  const gates = graph.dense(x, layer, [inputs, 4 * units]);
  return lstmLayer(graph, gates, `${layer}.recurrentKernel`, zeroState(graph, x, units), units);
}

type Recurrence = typeof gru;

/** Two layers of the kind, `…Forward` and `…Backward`, one of them from the end of each sequence on: [T, B, 2H]. */
export function bidirectional(
  recurrence: Recurrence,
  graph: NetworkGraph,
  x: Value,
  layer: string,
  inputs: number,
  units: number,
): Value {
  const lengths = graph.input('lengths', ['B']);
  const forward = recurrence(graph, x, `${layer}Forward`, inputs, units);
  const reversed = reverseSequences(graph, x, lengths);
  const backward = recurrence(graph, reversed, `${layer}Backward`, inputs, units);
  return graph.concat([forward, reverseSequences(graph, backward, lengths)], [units, units]);
}

/** What `bidirectional` is fed: [B] the steps that each sequence has, after pooling by `poolSteps`. */
export function sequenceLengths({ clips, moments, momentSteps }: SequenceBatch, poolSteps = 1): FedTensor {
  const values = Float32Array.from({ length: clips }, (_, b) =>
    Math.ceil((momentSteps[(b + 1) * moments - 1] + 1) / poolSteps),
  );
  return { dims: [clips], values };
}

/** [B, H] zeros for as many clips as x [T, B, …] has. */
function zeroState(graph: NetworkGraph, x: Value, units: number): Value {
  const bounds = [graph.integers([1]), graph.integers([2])];
  const clips = graph.emit('Slice', [graph.emit('Shape', [x]), ...bounds]);
  const shape = graph.emit('Concat', [clips, graph.integers([units])], { axis: 0 });
  return graph.emit('Expand', [graph.constant([0]), shape]);
}
