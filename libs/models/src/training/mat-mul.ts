import * as tf from '@tensorflow/tfjs-core';

/**
 * a [M, K] · b [K, N]. Same as `tf.matMul`, but its gradient transposes explicitly: the WASM backend multiplies
 * transposed operands with a naive loop, eight times slower than transposing first.
 */
export const matMul = tf.customGrad((...args: unknown[]) => {
  const [a, b, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedA, savedB] = saved as tf.Tensor2D[];
      const gradient = dy as tf.Tensor2D;
      return [tf.matMul(gradient, tf.transpose(savedB)), tf.matMul(tf.transpose(savedA), gradient)];
    },
  };
}) as unknown as (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D;
