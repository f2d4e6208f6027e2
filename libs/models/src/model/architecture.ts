import { z } from 'zod';
import { dimensionCount } from './emotion-label.ts';

/**
 * The streaming model: step → dense, ReLU → GRU → attention pooling kept as decaying running sums → dense, ReLU → outputs.
 * Sizes are units of each layer; see `tensorShapes` for what they mean.
 */
export const architectureSchema = z.object({
  kind: z.literal('gru-attention'),
  /** D: units of the dense layer before the recurrence. */
  frontUnits: z.int().min(1).max(1024),
  /** H: units of the GRU. */
  recurrentUnits: z.int().min(1).max(1024),
  /** A: hidden units of the attention score. */
  scoreUnits: z.int().min(1).max(1024),
  /** E: units of the dense layer before the outputs. */
  headUnits: z.int().min(1).max(1024),
  /** K attention heads: how much of a step's weight is left after each further step, so how far a head remembers. */
  decays: z.array(z.number().gt(0).max(1)).min(1).max(8),
  /** Whether each head gives, after the weighted mean, the weighted deviation of the GRU outputs too. */
  deviationPooling: z.boolean().optional(),
});
export type Architecture = z.infer<typeof architectureSchema>;

export interface TensorShape {
  name: string;
  shape: number[];
}

/** Added to the variance before its root, so that the root has a slope at 0. */
export const varianceFloor = 1e-3;

/** Floats that the pooling of one step gives. */
export const pooledCount = ({ decays, recurrentUnits, deviationPooling }: Architecture): number =>
  (deviationPooling === true ? 2 : 1) * decays.length * recurrentUnits;

/**
 * Every weight of a model with `labelCount` labels, in the order of weights.bin. Gates are ordered update, reset,
 * candidate.
 */
export function tensorShapes(
  architecture: Architecture,
  stepFeatureCount: number,
  labelCount: number,
): TensorShape[] {
  const outputCount = labelCount + dimensionCount;
  const { frontUnits, recurrentUnits, scoreUnits, headUnits, decays } = architecture;
  return [
    { name: 'front.kernel', shape: [stepFeatureCount, frontUnits] },
    { name: 'front.bias', shape: [frontUnits] },
    { name: 'gru.kernel', shape: [frontUnits, 3 * recurrentUnits] },
    { name: 'gru.recurrentKernel', shape: [recurrentUnits, 3 * recurrentUnits] },
    { name: 'gru.bias', shape: [3 * recurrentUnits] },
    // Added to the recurrent part of the candidate before the reset gate multiplies it (cuDNN's form of the GRU).
    { name: 'gru.candidateBias', shape: [recurrentUnits] },
    { name: 'attention.kernel', shape: [recurrentUnits, scoreUnits] },
    { name: 'attention.bias', shape: [scoreUnits] },
    { name: 'attention.score', shape: [scoreUnits, decays.length] },
    { name: 'head.kernel', shape: [pooledCount(architecture), headUnits] },
    { name: 'head.bias', shape: [headUnits] },
    { name: 'output.kernel', shape: [headUnits, outputCount] },
    { name: 'output.bias', shape: [outputCount] },
  ];
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, n) => count * n, 1);

/** Weights of the whole model. */
export function parameterCount(
  architecture: Architecture,
  stepFeatureCount: number,
  labelCount: number,
): number {
  return tensorShapes(architecture, stepFeatureCount, labelCount).reduce(
    (sum, { shape }) => sum + elementCount(shape),
    0,
  );
}
