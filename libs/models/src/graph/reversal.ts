import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** x [T, B, …] with the first `lengths` [B] (whole numbers, as float32) steps of each sequence in reverse order; its own inverse. */
export function reverseSequences(graph: DifferentiableGraph, x: Value, lengths: Value): Value {
  const counts = graph.emit('Cast', [lengths], { to: 7 });
  const reversed = (value: Value) =>
    graph.emit('ReverseSequence', [value, counts], { time_axis: 0, batch_axis: 1 });
  const y = reversed(x);
  graph.onBackward(y, (dy) => graph.accumulate(x, reversed(dy)));
  return y;
}
