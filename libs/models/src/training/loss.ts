import * as tf from '@tensorflow/tfjs-core';
import { emotionLabels, outputCount } from '../model/emotion-label.ts';
import { circumplexTargets } from './circumplex.ts';
import type { TrainingBatch } from './training-batch.ts';

const impossible = -1e9;

export interface LossWeights {
  /** Share of the target spread evenly over the classes. */
  labelSmoothing: number;
  /** Weight of the squared error of valence and arousal beside the cross-entropy. */
  dimensions: number;
}

/**
 * Weighted cross-entropy of the classes plus squared error of valence and arousal, over every moment of every clip.
 * @param raw [B·Q, C+2] from the network
 */
export function emotionLoss(raw: tf.Tensor2D, batch: TrainingBatch, weights: LossWeights): tf.Scalar {
  const C = emotionLabels.length;
  const { clips: B, moments: Q } = batch;
  const target = new Float32Array(B * Q * C);
  const mask = new Float32Array(B * Q * C);
  const dimensionTarget = new Float32Array(B * Q * (outputCount - C));
  const rowWeight = new Float32Array(B * Q);
  const total = Q * batch.weights.reduce((sum, weight) => sum + weight, 0);
  for (let b = 0; b < B; b++) {
    const present = batch.classMask.subarray(b * C, (b + 1) * C);
    const classes = present.reduce((sum, value) => sum + value, 0);
    for (let q = 0; q < Q; q++) {
      const row = b * Q + q;
      for (let c = 0; c < C; c++) {
        mask[row * C + c] = present[c] === 0 ? impossible : 0;
        target[row * C + c] = (present[c] * weights.labelSmoothing) / classes;
      }
      target[row * C + batch.labels[b]] += 1 - weights.labelSmoothing;
      dimensionTarget.set(circumplexTargets[batch.labels[b]], row * (outputCount - C));
      rowWeight[row] = batch.weights[b] / total;
    }
  }
  const [logits, dimensions] = tf.split(raw, [C, outputCount - C], 1);
  const logProbabilities = tf.logSoftmax(tf.add(logits, tf.tensor2d(mask, [B * Q, C])));
  const crossEntropy = tf.neg(tf.sum(tf.mul(logProbabilities, tf.tensor2d(target, [B * Q, C])), 1));
  const error = tf.squaredDifference(
    tf.tanh(dimensions),
    tf.tensor2d(dimensionTarget, dimensions.shape as [number, number]),
  );
  const perRow = tf.add(crossEntropy, tf.mul(weights.dimensions, tf.sum(error, 1)));
  return tf.sum(tf.mul(perRow, tf.tensor1d(rowWeight)));
}
