import type { Dropout } from './dropout-mask.ts';
import type { TrainingBatch } from './training-batch.ts';

export type Weights = ReadonlyMap<string, Float32Array>;

/** Computes the training network on a batch; what computes it is the implementation's. */
export interface NetworkGradients {
  /** The batch's loss, its gradient by every weight, and the statistics of the batch for the tensors that follow them. */
  gradients(
    weights: Weights,
    batch: TrainingBatch,
    dropout: Dropout,
  ): Promise<{ loss: number; gradients: Weights; statistics: Weights }>;
  /** [B·Q, C+2] logits, then valence and arousal before their tanh; nothing is dropped. */
  outputs(weights: Weights, batch: TrainingBatch): Promise<Float32Array>;
  close(): Promise<void>;
}
