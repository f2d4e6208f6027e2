import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** Sizes of a kernel [O, I, height, width] with odd sides. */
export interface KernelSize {
  inputs: number;
  outputs: number;
  height: number;
  width: number;
}

/** Beyond the end of every axis, as `Slice` wants it. */
const end = 2 ** 31 - 1;

/**
 * x [N, I, Y, X] convolved with `kernel` [O, I, height, width] → [N, O, Y + above + below − height + 1, X]; rows of zeros lie
 * above and below x, as many as are said, and columns of them left and right of it, so that none is lost.
 *
 * ONNX Runtime has no gradient of `Conv`. By x it is `ConvTranspose`; by the kernel it is one product with the shifted
 * copies of x, which was up to twice as fast on the CPU as the convolution of x with the gradient.
 */
export function convolution(
  graph: DifferentiableGraph,
  x: Value,
  kernel: Value,
  { inputs: I, outputs: O, height, width }: KernelSize,
  [above, below]: readonly [number, number],
): Value {
  const left = width >> 1;
  const pads = [above, left, below, left];
  const y = graph.emit('Conv', [x, kernel], { pads });
  graph.onBackward(y, (dy) => {
    graph.accumulate(x, graph.emit('ConvTranspose', [dy, kernel], { pads }));
    const padded = graph.emit('Pad', [x, graph.integers([0, 0, above, left, 0, 0, below, left])]);
    const shifted: Value[] = [];
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const to = [i + 1 < height ? i + 1 - height : end, j + 1 < width ? j + 1 - width : end];
        shifted.push(
          graph.emit('Slice', [padded, graph.integers([i, j]), graph.integers(to), graph.integers([2, 3])]),
        );
      }
    }
    const columns = graph.emit('Concat', shifted, { axis: 1 });
    const taps = graph.emit('Reshape', [columns, graph.integers([0, height * width * I, -1])]);
    const rows = graph.emit('Reshape', [dy, graph.integers([0, O, -1])]);
    const byClip = graph.emit('MatMul', [taps, graph.emit('Transpose', [rows], { perm: [0, 2, 1] })]);
    const summed = graph.emit('ReduceSum', [byClip, graph.integers([0])], { keepdims: 0 });
    const unfolded = graph.emit('Reshape', [summed, graph.integers([height, width, I, O])]);
    graph.accumulate(kernel, graph.emit('Transpose', [unfolded], { perm: [3, 2, 0, 1] }));
  });
  return y;
}

/** [N, O, Y, X] → [1, O, 1, 1]; in two steps, each of which ONNX Runtime has a fast kernel for. */
export function sumOfChannels(graph: DifferentiableGraph, x: Value): Value {
  const byClip = graph.emit('ReduceSum', [x, graph.integers([2, 3])], { keepdims: 1 });
  return graph.emit('ReduceSum', [byClip, graph.integers([0])], { keepdims: 1 });
}
