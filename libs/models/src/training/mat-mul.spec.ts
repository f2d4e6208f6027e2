import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { selectTfjsBackend } from '../engine/tfjs-backend.ts';
import { matMul } from './mat-mul.ts';

beforeAll(selectTfjsBackend);

it('has the value and the gradients of tf.matMul', () => {
  const a = tf.randomNormal([3, 4], 0, 1, 'float32', 1) as tf.Tensor2D;
  const b = tf.randomNormal([4, 5], 0, 1, 'float32', 2) as tf.Tensor2D;
  const weights = tf.randomNormal([3, 5], 0, 1, 'float32', 3);
  const gradients = (product: typeof matMul) =>
    tf.grads((x, y) => tf.sum(tf.mul(product(x as tf.Tensor2D, y as tf.Tensor2D), weights)))([a, b]);
  const expected = gradients(tf.matMul).map((tensor) => [...tensor.dataSync()]);
  for (const [i, gradient] of gradients(matMul).entries()) {
    const values = gradient.dataSync();
    expected[i].forEach((value, at) => {
      expect(values[at]).toBeCloseTo(value, 5);
    });
  }
  expect([...matMul(a, b).dataSync()]).toEqual([...tf.matMul(a, b).dataSync()]);
});
