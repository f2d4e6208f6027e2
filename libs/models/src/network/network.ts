import type { Value } from '../graph/differentiable-graph.ts';
import type { NetworkGraph } from './network-graph.ts';
import type { TensorShape } from './tensor-shape.ts';

/** Sequences of unlike length side by side, padded at the end. */
export interface SequenceBatch {
  /** T: steps of the longest. */
  steps: number;
  /** B */
  clips: number;
  /** Q: how many moments of each are judged. */
  moments: number;
  /** [B, Q] the step after which each judgement is made; the last of a clip is its last step. */
  momentSteps: Int32Array;
}

/** What is fed to the graph at a run. */
export interface FedTensor {
  dims: number[];
  values: Float32Array;
}

/** Which units of a layer dropout may take: the same for all steps of a clip, or drawn for each moment. */
export interface DropoutShape {
  name: string;
  per: 'clip' | 'moment';
  units: number;
}

/**
 * One kind of network with its sizes. Training, evaluation and export know it only by this: it says what weights it has
 * and writes its forward pass; the gradient follows from that.
 */
export interface Network {
  /** Whether a judgement hangs on nothing after its moment. If not, only the end of a clip can be judged: Q is 1. */
  readonly isCausal: boolean;
  /** T of what is fed must be a multiple of it. */
  readonly stepMultiple: number;
  /** Every tensor, in the order of weights.bin. */
  readonly tensors: readonly TensorShape[];
  readonly dropout: readonly DropoutShape[];
  /** What is fed beside `features` [T, B, F] and the weights, by name; `batch.steps` is a multiple of `stepMultiple`. */
  inputs(batch: SequenceBatch): Record<string, FedTensor>;
  /** Writes the network and returns its raw outputs [B·Q, C+2]: logits, then valence and arousal before their tanh. */
  forward(graph: NetworkGraph, moments: number): Value;
}
