import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** x [N, C, Y, X] → [N, C, ⌊Y / height⌋, ⌊X / width⌋]: the largest value of each tile; what is left over at the end is dropped. */
export function maxPooling(graph: DifferentiableGraph, x: Value, height: number, width: number): Value {
  if (height === 1 && width === 1) return x;
  const size = { kernel_shape: [height, width], strides: [height, width] };
  const [y, winners] = graph.emitMany('MaxPool', [x], 2, size);
  graph.onBackward(y, (dy) => {
    graph.accumulate(x, graph.emit('MaxUnpool', [dy, winners, graph.emit('Shape', [x])], size));
  });
  return y;
}
