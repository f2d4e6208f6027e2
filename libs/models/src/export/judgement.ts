import type { Value } from '../graph/differentiable-graph.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import { StateLayout } from '../model/state-layout.ts';
import { varianceFloor } from '../network/attention-pooling.ts';
import type { GruAttention } from '../network/gru-attention.ts';
import type { NetworkGraph } from '../network/network-graph.ts';
import { outputCountOf } from '../network/tensor-shape.ts';

/**
 * What the attention sums say, […, K, W] weighted means of the GRU outputs and, for the deviation, of their squares → calibrated
 * outputs […, C+2].
 * @param leading a 0 for each of the leading dimensions
 */
export function judgement(
  graph: NetworkGraph,
  network: GruAttention,
  means: Value,
  leading: number[],
  temperature: number,
): Value {
  const { recurrentUnits: H, heads: K, summedUnits: W } = new StateLayout(network);
  const sizes = [outputCountOf(network) - dimensionCount, dimensionCount];
  const pooled = graph.reshape(
    W === H ? means : withDeviation(graph, means, H),
    [...leading, K * W],
    [...leading, K, W],
  );
  const [logits, dimensions] = graph.split(network.head(graph, pooled), sizes);
  const cooled = graph.emit('Div', [logits, graph.constant([temperature])]);
  return graph.concat([graph.softmax(cooled), graph.tanh(dimensions)], sizes);
}

/** […, 2H] weighted means of the outputs and of their squares → the means and the deviations. */
function withDeviation(graph: NetworkGraph, means: Value, H: number): Value {
  const [mean, meanSquare] = graph.split(means, [H, H]);
  const variance = graph.relu(graph.subtract(meanSquare, graph.square(mean)));
  const deviation = graph.sqrt(graph.addFed(variance, graph.constant([varianceFloor])));
  return graph.concat([mean, deviation], [H, H]);
}
