import type { SeededRandomState } from '../seeded-random.ts';
import type { AdamWState } from './adam-w.ts';

/** One line of the learning curve. */
export interface EpochReport {
  epoch: number;
  trainingLoss: number;
  /** Mean over the corpora and over the moments judged: the model must be right while someone speaks. */
  validationUar: number;
  /** By corpus: of the validation clips' last moments. */
  corpusUar: Record<string, number>;
  validationLoss: number;
  seconds: number;
}

/** All that changes in a training run, as it is between two epochs: a run goes on from it as if it had never stopped. */
export interface TrainingState {
  /** Epochs done, and updates done in them. */
  epoch: number;
  updates: number;
  weights: Map<string, Float32Array>;
  /** The running average of the weights. */
  average: Map<string, Float32Array>;
  optimizer: AdamWState;
  random: SeededRandomState;
  /** The averaged weights of the epoch that did best on the validation clips so far. */
  best: { epoch: number; score: number; tensors: Map<string, Float32Array> };
  curve: EpochReport[];
}
