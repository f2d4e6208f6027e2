import { dimensionCount } from '../model/emotion-label.ts';
import type { Network } from '../network/network.ts';
import { NetworkGraph } from '../network/network-graph.ts';
import { outputCountOf } from '../network/tensor-shape.ts';
import type { OnnxGraph } from './onnx-message.ts';

/**
 * A network over whole clips as an ONNX graph with its weights: `features` [T, B, F] and the network's own inputs →
 * `outputs` [B, C+2], calibrated probabilities, then valence and arousal.
 */
export function offlineGraph(
  network: Network,
  tensors: ReadonlyMap<string, Float32Array>,
  temperature: number,
): OnnxGraph {
  const graph = new NetworkGraph(network, false, tensors);
  const C = outputCountOf(network) - dimensionCount;
  const [logits, dimensions] = graph.split(network.forward(graph, 1), [C, dimensionCount]);
  const cooled = graph.emit('Div', [logits, graph.constant([temperature])]);
  const parts = [graph.softmax(cooled), graph.tanh(dimensions)];
  const outputs = graph.concat(parts, [C, dimensionCount]);
  return graph.build(
    'undertone',
    new Map([['outputs', { value: outputs, dims: ['B', C + dimensionCount] }]]),
  );
}
