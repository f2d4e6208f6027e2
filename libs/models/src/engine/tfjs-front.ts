import * as tf from '@tensorflow/tfjs-core';
import { type BandConvolutions, bandKernel, bandPool } from '../network/band-convolutions.ts';
import type { GruAttention } from '../network/gru-attention.ts';

/** What TensorFlow.js computes the front of the network with. */
export interface TfjsLayers {
  weight(name: string): tf.Tensor;
  matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D;
}

/** features [rows, F] → what the recurrence sees [rows, D]; has gradients. */
export function tfjsFront(network: GruAttention, features: tf.Tensor2D, layers: TfjsLayers): tf.Tensor2D {
  const { bandConvolutions, architecture } = network;
  const seen = bandConvolutions === null ? features : convolveBands(bandConvolutions, features, layers);
  const product = layers.matMul(seen, layers.weight('front.kernel') as tf.Tensor2D);
  const sum = tf.add(product, layers.weight('front.bias')) as tf.Tensor2D;
  return tf.relu(architecture.layerNorm === true ? layerNorm(sum, layers) : sum);
}

function layerNorm(x: tf.Tensor2D, { weight }: TfjsLayers): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const standard = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(standard, weight('frontNorm.scale')), weight('frontNorm.bias'));
}

/**
 * Products with shifted copies instead of `tf.conv1d`, whose gradient the WASM backend lacks. Channels lie last until the
 * end. [rows, F] → [rows, V]
 */
function convolveBands(
  { layout, stages }: BandConvolutions,
  features: tf.Tensor2D,
  { weight, matMul }: TfjsLayers,
): tf.Tensor2D {
  const { frames, planes, bands, others } = layout;
  const [rows] = features.shape;
  const byFrame = tf.reshape(features, [rows, frames, planes * bands + others]);
  const spectra = tf.slice(byFrame, [0, 0, 0], [rows, frames, planes * bands]);
  let x = tf.transpose(tf.reshape(spectra, [rows, frames * planes, bands]), [0, 2, 1]) as tf.Tensor3D;
  for (const { name, inputs, outputs, bands: width } of stages) {
    const aside = bandKernel >> 1;
    const padded = tf.pad(x, [
      [0, 0],
      [aside, aside],
      [0, 0],
    ]);
    const taps = Array.from({ length: bandKernel }, (_, tap) =>
      tf.slice(padded, [0, tap, 0], [rows, width, inputs]),
    );
    const columns = tf.reshape(tf.concat(taps, 2), [rows * width, bandKernel * inputs]);
    const kernel = tf.reshape(tf.transpose(weight(`${name}.kernel`), [2, 3, 1, 0]), [
      bandKernel * inputs,
      outputs,
    ]) as tf.Tensor2D;
    const sum = tf.add(matMul(columns as tf.Tensor2D, kernel), weight(`${name}.bias`));
    const pooled = Math.floor(width / bandPool);
    const answers = tf.reshape(tf.relu(sum), [rows, width, outputs]);
    const tiles = tf.slice(answers, [0, 0, 0], [rows, pooled * bandPool, outputs]);
    x = tf.max(tf.reshape(tiles, [rows, pooled, bandPool, outputs]), 2);
  }
  const filtered = tf.reshape(tf.transpose(x, [0, 2, 1]), [rows, -1]) as tf.Tensor2D;
  if (others === 0) return filtered;
  const rest = tf.slice(byFrame, [0, 0, planes * bands], [rows, frames, others]);
  return tf.concat([filtered, tf.reshape(rest, [rows, frames * others])], 1) as tf.Tensor2D;
}
