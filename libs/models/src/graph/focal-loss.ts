import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/** Keeps a slope finite where a class is certain and γ < 1. */
export const focalFloor = 1e-6;

/**
 * (1 − p)^γ · ln p of `logProbabilities` ln p (Lin et al. 2017, "Focal loss for dense object detection"), element by element;
 * 1 − p is taken to be `focalFloor` more. Its slope by ln p is (1 − p)^γ − γ · p · (1 − p)^(γ − 1) · ln p.
 */
export function focalLogProbabilities(
  graph: DifferentiableGraph,
  logProbabilities: Value,
  gamma: number,
): Value {
  if (gamma === 0) return logProbabilities;
  const p = graph.emit('Exp', [logProbabilities]);
  const rest = graph.emit('Sub', [graph.constant([1 + focalFloor]), p]);
  const factor = graph.emit('Pow', [rest, graph.constant([gamma])]);
  const y = graph.emit('Mul', [factor, logProbabilities]);
  graph.onBackward(y, (dy) => {
    const steep = graph.emit('Pow', [rest, graph.constant([gamma - 1])]);
    const certain = graph.emit('Mul', [graph.emit('Mul', [p, logProbabilities]), steep]);
    const fall = graph.emit('Mul', [graph.constant([gamma]), certain]);
    const slope = graph.emit('Sub', [factor, fall]);
    graph.accumulate(logProbabilities, graph.emit('Mul', [dy, slope]));
  });
  return y;
}
