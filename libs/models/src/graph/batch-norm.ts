import { sumOfChannels } from './convolution.ts';
import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** Added to the variance before its root. */
export const batchNormEpsilon = 1e-5;

/** The values of one batch normalisation; C channels. */
export interface BatchNorm {
  /** [C] each. */
  scale: Value;
  bias: Value;
  channels: number;
}

/**
 * Batch normalisation (Ioffe & Szegedy 2015) of x [N, C, Y, X] by the statistics of the batch, counted over the positions
 * where `mask` [N, 1, Y, 1] is 1; the result is 0 elsewhere, so that padding reaches nothing that follows.
 * Gives the statistics [C] of the batch as well.
 */
export function batchNorm(
  graph: DifferentiableGraph,
  x: Value,
  mask: Value,
  { scale, bias, channels }: BatchNorm,
): { output: Value; mean: Value; variance: Value } {
  const vector = (value: Value) => graph.emit('Reshape', [value, graph.integers([channels])]);
  const column = (value: Value) => graph.emit('Reshape', [value, graph.integers([1, channels, 1, 1])]);
  const rows = graph.emit('ReduceSum', [mask, graph.integers([0, 1, 2, 3])], { keepdims: 1 });
  const lastAxis = [graph.integers([3]), graph.integers([4])];
  const columns = graph.emit('Slice', [graph.emit('Shape', [x]), ...lastAxis]);
  const count = graph.emit('Mul', [rows, graph.emit('Cast', [columns], { to: 1 })]);
  const share = (value: Value) => graph.emit('Div', [sumOfChannels(graph, value), count]);

  const mean = share(graph.emit('Mul', [x, mask]));
  const centred = graph.emit('Mul', [graph.emit('Sub', [x, mean]), mask]);
  const variance = share(graph.emit('Mul', [centred, centred]));
  const deviation = graph.emit('Sqrt', [graph.emit('Add', [variance, graph.constant([batchNormEpsilon])])]);
  const standard = graph.emit('Div', [centred, deviation]);
  const gain = column(scale);
  const moved = graph.emit('Add', [graph.emit('Mul', [standard, gain]), column(bias)]);
  const output = graph.emit('Mul', [moved, mask]);
  graph.onBackward(output, (gradient) => {
    const dy = graph.emit('Mul', [gradient, mask]);
    const along = graph.emit('Mul', [dy, standard]);
    graph.accumulate(bias, vector(sumOfChannels(graph, dy)));
    graph.accumulate(scale, vector(sumOfChannels(graph, along)));
    const tilt = graph.emit('Mul', [standard, share(along)]);
    const rest = graph.emit('Sub', [graph.emit('Sub', [dy, share(dy)]), tilt]);
    const slope = graph.emit('Div', [gain, deviation]);
    graph.accumulate(x, graph.emit('Mul', [graph.emit('Mul', [rest, slope]), mask]));
  });
  return { output, mean: vector(mean), variance: vector(variance) };
}

/**
 * The same by statistics [C] gathered before; has no gradient. Without a mask nothing is padding. Written as one gain and one
 * shift of each channel, which ONNX Runtime takes into the kernel of the convolution before when all of them are constants.
 */
export function fixedBatchNorm(
  graph: DifferentiableGraph,
  x: Value,
  mask: Value | null,
  { scale, bias, channels }: BatchNorm,
  mean: Value,
  variance: Value,
): Value {
  const column = (value: Value) => graph.emit('Reshape', [value, graph.integers([1, channels, 1, 1])]);
  const deviation = graph.emit('Sqrt', [graph.emit('Add', [variance, graph.constant([batchNormEpsilon])])]);
  const gain = graph.emit('Div', [scale, deviation]);
  const shift = graph.emit('Sub', [bias, graph.emit('Mul', [mean, gain])]);
  const moved = graph.emit('Add', [graph.emit('Mul', [x, column(gain)]), column(shift)]);
  return mask === null ? moved : graph.emit('Mul', [moved, mask]);
}
