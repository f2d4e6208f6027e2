import type { Value } from '../graph/differentiable-graph.ts';
import { StateLayout } from '../model/state-layout.ts';
import type { GruAttention } from '../network/gru-attention.ts';
import { NetworkGraph } from '../network/network-graph.ts';
import { outputCountOf } from '../network/tensor-shape.ts';
import { judgement } from './judgement.ts';
import { KeptFrames } from './kept-frames.ts';
import type { OnnxGraph } from './onnx-message.ts';

/**
 * One step of the model in plain operators: `features` [1, N, F], `state` [N, S] → `outputs` [N, C+2], `nextState` [N, S]. For
 * providers that have neither the fused `GRU` nor `Scan`, such as WebGPU: there each would be run on the CPU, with copies to and fro.
 */
export function stepGraph(
  network: GruAttention,
  tensors: ReadonlyMap<string, Float32Array>,
  temperature: number,
): OnnxGraph {
  const layout = new StateLayout(network);
  const { recurrentUnits: H, layers: L, heads: K, summedUnits: W, size: S } = layout;
  const graph = new NetworkGraph(network, false, tensors);

  const features = graph.input('features', [1, 'N', network.stepFeatureCount]);
  const state = graph.input('state', ['N', S]);
  const stateParts = graph.split(state, [...layout.sizes]);
  const [maximum, weight, flatSum, ...kept] = stateParts.slice(L);
  const past = new KeptFrames(graph, kept);
  const front = network.front(graph, features, past);
  let hidden = graph.emit('Squeeze', [front, graph.integers([0])]);
  const nextHidden = network.recurrences.map(({ name }, i) => {
    hidden = gruStep(graph, name, hidden, stateParts[i], tensors, H);
    return hidden;
  });

  graph.parameter('logDecays', [K], Float32Array.from(network.architecture.decays, Math.log));
  const emit = (operator: string, ...inputs: Value[]) => graph.emit(operator, inputs);
  const scores = network.scores(graph, hidden);
  // The online softmax of `referenceForward`.
  const decayed = emit('Add', maximum, 'logDecays');
  const nextMaximum = emit('Max', decayed, scores);
  const keptShare = emit('Exp', emit('Sub', decayed, nextMaximum));
  const gainedShare = emit('Exp', emit('Sub', scores, nextMaximum));
  const nextWeight = emit('Add', emit('Mul', weight, keptShare), gainedShare);
  const column = (value: Value) => graph.unsqueeze(value, 2);
  const summed = W === H ? hidden : graph.concat([hidden, graph.square(hidden)], [H, H]);
  const nextSum = emit(
    'Add',
    emit('Mul', graph.reshape(flatSum, [0, K, W], [0, K * W]), column(keptShare)),
    emit('Mul', graph.unsqueeze(summed, 1), column(gainedShare)),
  );
  const outputs = judgement(graph, network, emit('Div', nextSum, column(nextWeight)), [0], temperature);
  const flatNextSum = graph.reshape(nextSum, [0, K * W], [0, K, W]);
  const nextState = graph.concat(
    [...nextHidden, nextMaximum, nextWeight, flatNextSum, ...past.next],
    [...layout.sizes],
  );
  return graph.build(
    'undertone-step',
    new Map([
      ['outputs', { value: outputs, dims: ['N', outputCountOf(network)] }],
      ['nextState', { value: nextState, dims: ['N', S] }],
    ]),
  );
}

/** One step of the GRU `layer`: its input [N, I] and last output [N, H] → the next [N, H]. Few and large operators, since each is a dispatch. */
function gruStep(
  graph: NetworkGraph,
  layer: string,
  input: Value,
  previous: Value,
  tensors: ReadonlyMap<string, Float32Array>,
  H: number,
): Value {
  const recurrentBias = new Float32Array(3 * H);
  recurrentBias.set(tensors.get(`${layer}.candidateBias`)!, 2 * H);
  const bias = graph.parameter(`${layer}.recurrentBias`, [3 * H], recurrentBias);
  const forward = graph.emit('Gemm', [input, `${layer}.kernel`, `${layer}.bias`]);
  const recurrent = graph.emit('Gemm', [previous, `${layer}.recurrentKernel`, bias]);
  const [gatesIn, candidateIn] = graph.split(forward, [2 * H, H]);
  const [gatesBack, candidateBack] = graph.split(recurrent, [2 * H, H]);
  const gates = graph.emit('Sigmoid', [graph.emit('Add', [gatesIn, gatesBack])]);
  const [update, reset] = graph.split(gates, [H, H]);
  const recalled = graph.emit('Mul', [reset, candidateBack]);
  const candidate = graph.emit('Tanh', [graph.emit('Add', [candidateIn, recalled])]);
  const change = graph.emit('Mul', [update, graph.emit('Sub', [previous, candidate])]);
  return graph.emit('Add', [candidate, change]);
}
