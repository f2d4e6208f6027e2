import type { Value } from '../graph/differentiable-graph.ts';
import type { DropoutShape } from './network.ts';
import type { NetworkGraph } from './network-graph.ts';
import { denseShapes, type TensorShape } from './tensor-shape.ts';

/** Sizes of the layers that every network ends with. */
export interface HeadSize {
  /** P: floats that are judged. */
  inputs: number;
  /** E */
  headUnits: number;
  /** C+2 */
  outputs: number;
}

export const headShapes = ({ inputs, headUnits, outputs }: HeadSize): TensorShape[] => [
  ...denseShapes('head', inputs, headUnits),
  ...denseShapes('output', headUnits, outputs),
];

export const headDropout = ({ inputs, headUnits }: HeadSize): DropoutShape[] => [
  { name: 'pooledMask', per: 'moment', units: inputs },
  { name: 'headMask', per: 'moment', units: headUnits },
];

/** rows […, P] → dense, ReLU → raw outputs […, C+2] */
export function head(graph: NetworkGraph, rows: Value, { inputs, headUnits, outputs }: HeadSize): Value {
  const hidden = graph.relu(graph.dense(graph.drop(rows, 'pooledMask'), 'head', [inputs, headUnits]));
  return graph.dense(graph.drop(hidden, 'headMask'), 'output', [headUnits, outputs]);
}
