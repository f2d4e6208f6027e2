import { emotionLabels, outputCount } from '../model/emotion-label.ts';
import { circumplexTargets } from './circumplex.ts';
import type { TrainingBatch } from './training-batch.ts';

const C = emotionLabels.length;
const dimensions = outputCount - C;
const impossible = -1e9;

export interface LossWeights {
  /** Share of the target spread evenly over the classes. */
  labelSmoothing: number;
  /** Weight of the squared error of valence and arousal beside the cross-entropy. */
  dimensions: number;
}

/** What the network's outputs are compared with, a row for every moment of every clip: R = B·Q. */
export interface BatchTargets {
  /** [R, C] added to the logits: very low for classes that do not compete for the clip. */
  classMask: Float32Array;
  /** [R, C] smoothed one-hot. */
  classes: Float32Array;
  /** [R, 2] valence and arousal. */
  dimensions: Float32Array;
  /** [R] the row's share of the loss; they sum to 1. */
  rowWeights: Float32Array;
}

/** The loss is Σ rowWeight · (cross-entropy of `classes` + `weights.dimensions` · squared error of `dimensions`). */
export function batchTargets(batch: TrainingBatch, weights: LossWeights): BatchTargets {
  const { clips: B, moments: Q } = batch;
  const targets: BatchTargets = {
    classMask: new Float32Array(B * Q * C),
    classes: new Float32Array(B * Q * C),
    dimensions: new Float32Array(B * Q * dimensions),
    rowWeights: new Float32Array(B * Q),
  };
  const total = Q * batch.weights.reduce((sum, weight) => sum + weight, 0);
  for (let b = 0; b < B; b++) {
    const present = batch.classMask.subarray(b * C, (b + 1) * C);
    const classes = present.reduce((sum, value) => sum + value, 0);
    for (let q = 0; q < Q; q++) {
      const row = b * Q + q;
      for (let c = 0; c < C; c++) {
        targets.classMask[row * C + c] = present[c] === 0 ? impossible : 0;
        targets.classes[row * C + c] = (present[c] * weights.labelSmoothing) / classes;
      }
      targets.classes[row * C + batch.labels[b]] += 1 - weights.labelSmoothing;
      targets.dimensions.set(circumplexTargets[batch.labels[b]], row * dimensions);
      targets.rowWeights[row] = batch.weights[b] / total;
    }
  }
  return targets;
}
