import type { OnnxGraph } from '../export/onnx-message.ts';
import type { Value } from '../graph/differentiable-graph.ts';
import { focalLogProbabilities } from '../graph/focal-loss.ts';
import { dimensionCount } from '../model/emotion-label.ts';
import type { Network } from '../network/network.ts';
import { NetworkGraph } from '../network/network-graph.ts';
import { outputCountOf } from '../network/tensor-shape.ts';

/**
 * A network over whole clips as an ONNX graph. Dimensions: T steps, B clips, Q moments of each, R = B·Q, C labels.
 * Fed: `features` [T, B, F], the network's own inputs and its weights by name. Gives `raw` [R, C+2].
 */
export function forwardGraph(network: Network, moments: number): OnnxGraph {
  const graph = new NetworkGraph(network, false);
  const raw = network.forward(graph, moments);
  return graph.build('forward', new Map([['raw', { value: raw, dims: ['R', outputCountOf(network)] }]]));
}

/**
 * The same with the loss and its gradient by every weight. Also fed: the network's dropout masks (0 for units dropped),
 * `classMask` [R, C] (very low for classes that don't compete), `targets` [R, C] (negative, times the row's weight),
 * `dimensionTargets` and `dimensionWeights` [R, 2]. Gives `loss`, `d:` + the weight's name, and `s:` + the name of each
 * tensor that follows the batches' statistics.
 */
export function gradientGraph(network: Network, moments: number, focalGamma: number): OnnxGraph {
  const graph = new NetworkGraph(network, true);
  const raw = network.forward(graph, moments);
  const C = outputCountOf(network) - dimensionCount;
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
  for (const { name, shape, isStatistic } of network.tensors) {
    if (isStatistic) outputs.set(`s:${name}`, { value: graph.statistics.get(name)!, dims: shape });
    else outputs.set(`d:${name}`, { value: graph.gradient(name)!, dims: shape });
  }
  return graph.build('gradient', outputs);
}
