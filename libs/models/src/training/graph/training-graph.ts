import type { OnnxGraph } from '../../export/onnx-message.ts';
import { type Architecture, pooledCount, tensorShapes, varianceFloor } from '../../model/architecture.ts';
import { dimensionCount } from '../../model/emotion-label.ts';
import { DifferentiableGraph, type Value } from './differentiable-graph.ts';
import { focalLogProbabilities } from './focal-loss.ts';
import { gruLayer } from './gru-layer.ts';

/**
 * The streaming model over whole clips as an ONNX graph. Dimensions: T steps, B clips, Q moments of each, K heads, C labels.
 * Fed: `features` [T, B, F], `initial` [B, H] zeros, `ages` [B, K, Q, T] (log weight that a step's age takes away), and the
 * weights by name. Gives `raw` [B·Q, C+2].
 */
export function forwardGraph(architecture: Architecture, F: number, C: number, moments: number): OnnxGraph {
  const graph = new DifferentiableGraph();
  const raw = network(graph, architecture, F, C, moments, (value) => value);
  return graph.build('forward', new Map([['raw', { value: raw, dims: ['R', C + dimensionCount] }]]));
}

/**
 * The same with the loss and its gradient by every weight. Also fed: the masks `frontMask` [T, B, D], `pooledMask` [B·Q, P],
 * `headMask` [B·Q, E] (0 for units dropped), `classMask` [B·Q, C] (very low for classes that don't compete), `targets` [B·Q, C]
 * (negative, times the row's weight), `dimensionTargets` and `dimensionWeights` [B·Q, 2].
 * Gives `loss` and `d:` + the weight's name.
 */
export function gradientGraph(
  architecture: Architecture,
  F: number,
  C: number,
  moments: number,
  focalGamma: number,
): OnnxGraph {
  const graph = new DifferentiableGraph();
  const { frontUnits, headUnits } = architecture;
  const widths = {
    frontMask: ['T', 'B', frontUnits],
    pooledMask: ['R', pooledCount(architecture)],
    headMask: ['R', headUnits],
  };
  const raw = network(graph, architecture, F, C, moments, (value, mask) =>
    graph.mulFed(value, graph.input(mask, widths[mask])),
  );
  const [logits, dimensions] = graph.split(raw, [C, dimensionCount]);
  const logProbabilities = graph.logSoftmax(graph.addFed(logits, graph.input('classMask', ['R', C])));
  const focused = focalLogProbabilities(graph, logProbabilities, focalGamma);
  const crossEntropy = graph.dotFed(focused, graph.input('targets', ['R', C]));
  const dims = ['R', dimensionCount];
  const off = graph.subtract(graph.tanh(dimensions), graph.input('dimensionTargets', dims));
  const error = graph.dotFed(graph.square(off), graph.input('dimensionWeights', dims));
  const loss = graph.sum(crossEntropy, error);
  graph.differentiate(loss);
  const outputs = new Map<string, { value: Value; dims: (number | string)[] }>([
    ['loss', { value: loss, dims: [] }],
  ]);
  for (const { name, shape } of tensorShapes(architecture, F, C)) {
    outputs.set(`d:${name}`, { value: graph.gradient(name)!, dims: shape });
  }
  return graph.build('gradient', outputs);
}

type Mask = 'frontMask' | 'pooledMask' | 'headMask';

function network(
  graph: DifferentiableGraph,
  architecture: Architecture,
  F: number,
  C: number,
  Q: number,
  drop: (value: Value, mask: Mask) => Value,
): Value {
  const { frontUnits: D, recurrentUnits: H, scoreUnits: A, headUnits: E, deviationPooling } = architecture;
  const K = architecture.decays.length;
  const P = pooledCount(architecture);
  for (const { name, shape } of tensorShapes(architecture, F, C)) graph.input(name, shape);
  const dense = (x: Value, layer: string, shape: [number, number]) =>
    graph.addBias(graph.matMul(x, `${layer}.kernel`, shape), `${layer}.bias`, shape[1]);

  const features = graph.input('features', ['T', 'B', F]);
  const front = drop(graph.relu(dense(features, 'front', [F, D])), 'frontMask');
  const gates = dense(front, 'gru', [D, 3 * H]);
  const initial = graph.input('initial', ['B', H]);
  const hidden = gruLayer(graph, gates, 'gru.recurrentKernel', 'gru.candidateBias', initial, H);

  const scoreHidden = graph.tanh(dense(hidden, 'attention', [H, A]));
  const scores = graph.transpose(graph.matMul(scoreHidden, 'attention.score', [A, K]), [1, 2, 0]);
  const ages = graph.input('ages', ['B', K, Q, 'T']);
  const attention = graph.softmax(graph.addFed(graph.unsqueeze(scores, 2), ages, 2));
  const byClip = graph.unsqueeze(graph.transpose(hidden, [1, 0, 2]), 1);
  const mean = graph.weightedSums(attention, byClip);
  const pooled = deviationPooling === true ? withDeviation(graph, attention, byClip, mean, H) : mean;
  const rows = graph.reshape(graph.transpose(pooled, [0, 2, 1, 3]), [-1, P], [-1, Q, K, P / K]);

  const head = drop(graph.relu(dense(drop(rows, 'pooledMask'), 'head', [P, E])), 'headMask');
  return dense(head, 'output', [E, C + dimensionCount]);
}

/** [B, K, Q, 2H]: the weighted mean, then the weighted deviation. */
function withDeviation(
  graph: DifferentiableGraph,
  attention: Value,
  byClip: Value,
  mean: Value,
  H: number,
): Value {
  const meanSquare = graph.weightedSums(attention, graph.square(byClip));
  const variance = graph.relu(graph.subtract(meanSquare, graph.square(mean)));
  const deviation = graph.sqrt(graph.addFed(variance, graph.constant([varianceFloor])));
  return graph.concat([mean, deviation], [H, H]);
}
