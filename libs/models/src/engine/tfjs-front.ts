import * as tf from '@tensorflow/tfjs-core';
import type { GruAttention } from '../network/gru-attention.ts';

/** What TensorFlow.js computes the front of the network with. */
export interface TfjsLayers {
  weight(name: string): tf.Tensor;
  matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D;
}

/** Features, or what convolutions made of them, [rows, V] → what the recurrence sees [rows, D]; has gradients. */
export function tfjsFront(network: GruAttention, seen: tf.Tensor2D, layers: TfjsLayers): tf.Tensor2D {
  const product = layers.matMul(seen, layers.weight('front.kernel') as tf.Tensor2D);
  const sum = tf.add(product, layers.weight('front.bias')) as tf.Tensor2D;
  return tf.relu(network.architecture.layerNorm === true ? layerNorm(sum, layers) : sum);
}

function layerNorm(x: tf.Tensor2D, { weight }: TfjsLayers): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const standard = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(standard, weight('frontNorm.scale')), weight('frontNorm.bias'));
}
