import type { Value } from '../graph/differentiable-graph.ts';
import type { NetworkGraph } from './network-graph.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/** Added to the variance before its root, so that the root has a slope at 0. */
export const varianceFloor = 1e-3;

/** Sizes of an attention pooling. */
export interface PoolingSize {
  /** H: units of a step. */
  units: number;
  /** A: hidden units of the score. */
  scoreUnits: number;
  /** K */
  heads: number;
  /** Whether each head gives, after the weighted mean, the weighted deviation too. */
  deviation: boolean;
}

/** P: floats that the pooling gives. */
export const pooledCount = ({ heads, units, deviation }: PoolingSize): number =>
  (deviation ? 2 : 1) * heads * units;

export const poolingShapes = ({ units, scoreUnits, heads }: PoolingSize): TensorShape[] => [
  ...denseShapes('attention', units, scoreUnits),
  { name: 'attention.score', shape: [scoreUnits, heads] },
];

/** steps [T, B, H] → [T, B, K] */
export function attentionScores(
  graph: NetworkGraph,
  steps: Value,
  { units: H, scoreUnits: A, heads: K }: PoolingSize,
): Value {
  const scoreHidden = graph.tanh(graph.dense(steps, 'attention', [H, A]));
  return graph.matMul(scoreHidden, 'attention.score', [A, K]);
}

/**
 * steps [T, B, H] → [B·Q, P]: for each moment the mean of the steps before it, weighted by the softmax of a learned score
 * and of what the fed `ages` [B, K, Q, T] takes from it, see `ageWeights`.
 */
export function attentionPooling(graph: NetworkGraph, steps: Value, size: PoolingSize, Q: number): Value {
  const { units: H, heads: K, deviation } = size;
  const scores = graph.transpose(attentionScores(graph, steps, size), [1, 2, 0]);
  const ages = graph.input('ages', ['B', K, Q, 'S']);
  const attention = graph.softmax(graph.addFed(graph.unsqueeze(scores, 2), ages, 2));
  const byClip = graph.unsqueeze(graph.transpose(steps, [1, 0, 2]), 1);
  const mean = graph.weightedSums(attention, byClip);
  const pooled = deviation ? withDeviation(graph, attention, byClip, mean, H) : mean;
  const P = pooledCount(size);
  return graph.reshape(graph.transpose(pooled, [0, 2, 1, 3]), [-1, P], [-1, Q, K, P / K]);
}

/** [B, K, Q, 2H]: the weighted mean, then the weighted deviation. */
function withDeviation(graph: NetworkGraph, attention: Value, byClip: Value, mean: Value, H: number): Value {
  const meanSquare = graph.weightedSums(attention, graph.square(byClip));
  const variance = graph.relu(graph.subtract(meanSquare, graph.square(mean)));
  const deviation = graph.sqrt(graph.addFed(variance, graph.constant([varianceFloor])));
  return graph.concat([mean, deviation], [H, H]);
}
