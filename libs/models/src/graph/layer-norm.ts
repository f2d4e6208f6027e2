import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** Layer normalisation (Ba et al. 2016) of x […, O] over its last axis, with `scale` [O] and `bias` [O]; ε is 1e-5. */
export function layerNorm(graph: DifferentiableGraph, x: Value, scale: Value, bias: Value, O: number): Value {
  const [y, mean, inverse] = graph.emitMany('LayerNormalization', [x, scale, bias], 3, { axis: -1 });
  graph.onBackward(y, (dy) => {
    const share = (value: Value) => graph.emit('ReduceMean', [value], { axes: [-1], keepdims: 1 });
    const standard = graph.emit('Mul', [graph.emit('Sub', [x, mean]), inverse]);
    graph.accumulate(bias, graph.sumOfRows(dy, O));
    graph.accumulate(scale, graph.sumOfRows(graph.emit('Mul', [dy, standard]), O));
    const scaled = graph.emit('Mul', [dy, scale]);
    const tilt = graph.emit('Mul', [standard, share(graph.emit('Mul', [scaled, standard]))]);
    const rest = graph.emit('Sub', [graph.emit('Sub', [scaled, share(scaled)]), tilt]);
    graph.accumulate(x, graph.emit('Mul', [rest, inverse]));
  });
  return y;
}
