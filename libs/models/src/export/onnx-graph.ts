import { StateLayout } from '../model/state-layout.ts';
import type { GruAttention } from '../network/gru-attention.ts';
import { NetworkGraph } from '../network/network-graph.ts';
import { outputCountOf } from '../network/tensor-shape.ts';
import { attentionScanBody } from './attention-scan-body.ts';
import { judgement } from './judgement.ts';
import { KeptFrames } from './kept-frames.ts';
import type { OnnxGraph } from './onnx-message.ts';

/**
 * The model as an ONNX graph: `features` [T, N, F], `state` [N, S] → `outputs` [T, N, C+2], `nextState` [N, S].
 * What goes before and after the recurrence is written by the network itself, as for training. The recurrence is ONNX
 * Runtime's fused `GRU`; the attention sums run through the steps in a `Scan`.
 */
export function onnxGraph(
  network: GruAttention,
  tensors: ReadonlyMap<string, Float32Array>,
  temperature: number,
): OnnxGraph {
  const { architecture } = network;
  const outputCount = outputCountOf(network);
  const layout = new StateLayout(network);
  const { recurrentUnits: H, layers: L, heads: K, summedUnits: W, size: S } = layout;
  const graph = new NetworkGraph(network, false, tensors);

  const features = graph.input('features', ['T', 'N', network.stepFeatureCount]);
  const state = graph.input('state', ['N', S]);
  const stateParts = graph.split(state, [...layout.sizes]);
  const [maximum, weight, flatSum, ...kept] = stateParts.slice(L);
  const nextHidden: string[] = [];
  const past = new KeptFrames(graph, kept);
  let steps = network.front(graph, features, past);
  for (const [i, { name, inputs }] of network.recurrences.entries()) {
    const initial = graph.unsqueeze(stateParts[i], 0);
    const weights = gruWeights(graph, name, inputs, H, tensors);
    const [all, last] = graph.emitMany('GRU', [steps, ...weights, '', initial], 2, {
      hidden_size: H,
      linear_before_reset: 1,
    });
    steps = graph.emit('Squeeze', [all, graph.integers([1])]);
    nextHidden.push(graph.emit('Squeeze', [last, graph.integers([0])]));
  }

  graph.parameter('logDecays', [K], Float32Array.from(architecture.decays, Math.log));
  const sum = graph.reshape(flatSum, [0, K, W], [0, K * W]);
  const summed = W === H ? steps : graph.concat([steps, graph.square(steps)], [H, H]);
  const [nextMaximum, nextWeight, nextSum, means] = graph.emitMany(
    'Scan',
    [maximum, weight, sum, network.scores(graph, steps), summed],
    4,
    { num_scan_inputs: 2, body: attentionScanBody(W, K) },
  );
  const outputs = judgement(graph, network, means, [0, 0], temperature);
  const nextState = graph.concat(
    [...nextHidden, nextMaximum, nextWeight, graph.reshape(nextSum, [0, K * W], [0, K, W]), ...past.next],
    [...layout.sizes],
  );
  return graph.build(
    'undertone',
    new Map([
      ['outputs', { value: outputs, dims: ['T', 'N', outputCount] }],
      ['nextState', { value: nextState, dims: ['N', S] }],
    ]),
  );
}

/** W, R and B of ONNX's `GRU`, under names of their own. */
function gruWeights(
  graph: NetworkGraph,
  layer: string,
  inputs: number,
  H: number,
  tensors: ReadonlyMap<string, Float32Array>,
): string[] {
  const of = (name: string) => tensors.get(`${layer}.${name}`)!;
  const bias = new Float32Array(6 * H);
  bias.set(of('bias'), 0);
  bias.set(of('candidateBias'), 5 * H);
  return [
    graph.parameter(`${layer}W`, [1, 3 * H, inputs], transposed(of('kernel'), inputs, 3 * H)),
    graph.parameter(`${layer}R`, [1, 3 * H, H], transposed(of('recurrentKernel'), H, 3 * H)),
    graph.parameter(`${layer}B`, [1, 6 * H], bias),
  ];
}

/** [rows, columns] → [columns, rows] */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}
