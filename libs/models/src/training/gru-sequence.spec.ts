import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectTfjsBackend } from '../engine/tfjs-backend.ts';
import { gruSequence } from './gru-sequence.ts';

const T = 4;
const B = 3;
const H = 2;

beforeAll(selectTfjsBackend);

/** The same recurrence in TensorFlow.js operations, with its automatic gradient. */
function recorded(gates: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  let hidden: tf.Tensor = tf.zeros([B, H]);
  const outputs: tf.Tensor[] = [];
  for (const gate of tf.split(gates, T, 0)) {
    const [updateIn, resetIn, candidateIn] = tf.split(gate, 3, 1);
    const [updateBack, resetBack, candidateBack] = tf.split(tf.matMul(hidden, kernel), 3, 1);
    const update = tf.sigmoid(tf.add(updateIn, updateBack));
    const reset = tf.sigmoid(tf.add(resetIn, resetBack));
    const candidate = tf.tanh(tf.add(candidateIn, tf.mul(reset, tf.add(candidateBack, bias))));
    hidden = tf.add(tf.mul(tf.sub(1, update), candidate), tf.mul(update, hidden));
    outputs.push(hidden);
  }
  return tf.concat(outputs, 0);
}

describe('the GRU over sequences', () => {
  const inputs = () => [
    tf.randomNormal([T * B, 3 * H], 0, 1, 'float32', 1),
    tf.randomNormal([H, 3 * H], 0, 1, 'float32', 2),
    tf.randomNormal([H], 0, 1, 'float32', 3),
  ];

  it('gives the outputs of the recurrence written in recorded operations', () => {
    const [gates, kernel, bias] = inputs();
    const values = gruSequence(
      gates as tf.Tensor2D,
      kernel as tf.Tensor2D,
      bias as tf.Tensor1D,
      T,
    ).dataSync();
    recorded(gates, kernel, bias)
      .dataSync()
      .forEach((value, at) => {
        expect(values[at]).toBeCloseTo(value, 5);
      });
  });

  it('has the gradients that automatic differentiation finds', () => {
    const weights = tf.randomNormal([T * B, H], 0, 1, 'float32', 4);
    const expected = tf.grads((g, u, b) => tf.sum(tf.mul(recorded(g, u, b), weights)))(inputs());
    const found = tf.grads((g, u, b) =>
      tf.sum(tf.mul(gruSequence(g as tf.Tensor2D, u as tf.Tensor2D, b as tf.Tensor1D, T), weights)),
    )(inputs());
    for (const [i, gradient] of expected.entries()) {
      const values = found[i].dataSync();
      gradient.dataSync().forEach((value, at) => {
        expect(values[at]).toBeCloseTo(value, 4);
      });
    }
  });
});
