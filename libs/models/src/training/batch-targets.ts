import type { TrainingBatch } from './training-batch.ts';

const impossible = -1e9;

export interface LossOptions {
  /** Weight of the squared error of valence and arousal beside the cross-entropy. */
  dimensions: number;
  /** γ: classes that are already probable count less, by (1 − p)^γ (focal loss, Lin et al. 2017); 0 for none. */
  focalGamma: number;
}

/** What the network's outputs are compared with, a row for every moment of every clip: R = B·Q. */
export interface BatchTargets {
  /** [R, C] added to the logits: very low for classes that do not compete for the clip. */
  classMask: Float32Array;
  /** [R, C] probabilities. */
  classes: Float32Array;
  /** [R, 2] valence and arousal. */
  dimensions: Float32Array;
  /** [R] the row's share of the loss; they sum to 1. */
  rowWeights: Float32Array;
}

/**
 * The loss is Σ rowWeight · (−Σ classes · (1 − p)^focalGamma · ln p + dimensions' weight · squared error of `dimensions`):
 * the cross-entropy where focalGamma is 0. Every moment of a clip has the clip's target.
 */
export function batchTargets(batch: TrainingBatch): BatchTargets {
  const { clips: B, moments: Q } = batch;
  const C = batch.targets.length / B;
  const D = batch.dimensionTargets.length / B;
  const targets: BatchTargets = {
    classMask: new Float32Array(B * Q * C),
    classes: new Float32Array(B * Q * C),
    dimensions: new Float32Array(B * Q * D),
    rowWeights: new Float32Array(B * Q),
  };
  const total = Q * batch.weights.reduce((sum, weight) => sum + weight, 0);
  for (let b = 0; b < B; b++) {
    for (let row = b * Q; row < (b + 1) * Q; row++) {
      for (let c = 0; c < C; c++)
        targets.classMask[row * C + c] = batch.classMask[b * C + c] === 0 ? impossible : 0;
      targets.classes.set(batch.targets.subarray(b * C, (b + 1) * C), row * C);
      targets.dimensions.set(batch.dimensionTargets.subarray(b * D, (b + 1) * D), row * D);
      targets.rowWeights[row] = batch.weights[b] / total;
    }
  }
  return targets;
}
