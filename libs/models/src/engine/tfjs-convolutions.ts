import * as tf from '@tensorflow/tfjs-core';
import { batchNormEpsilon } from '../graph/batch-norm.ts';
import { type ConvolutionLayer, pastFrames } from '../network/convolution-blocks.ts';
import type { StepConvolutions } from '../network/step-convolutions.ts';

/** A layer with its batch normalisation in the kernel. */
interface Filters {
  /** [height, width, inputs, outputs] */
  kernel: tf.Tensor4D;
  /** [outputs] */
  shift: tf.Tensor1D;
}

/** The causal convolutions of the streaming model in TensorFlow.js, channels last. */
export class TfjsConvolutions {
  readonly #convolutions: StepConvolutions;
  readonly #filters: ReadonlyMap<string, Filters>;

  /** @param weight reads the model's tensors */
  constructor(convolutions: StepConvolutions, weight: (name: string) => tf.Tensor) {
    this.#convolutions = convolutions;
    this.#filters = new Map(
      convolutions.blocks.layers.map(({ name }) => [name, filters((part) => weight(`${name}.${part}`))]),
    );
  }

  /**
   * features [T·N, F] → what the dense layer sees [T·N, V]
   * @param past of each layer [N, channels · `pastFrames` · bands]; replaced by what is to be kept next
   */
  forward(features: tf.Tensor2D, speakers: number, past: tf.Tensor2D[]): tf.Tensor2D {
    const { blocks, layout } = this.#convolutions;
    const { frames, planes, bands, others } = layout;
    const [rows] = features.shape;
    const [T, N] = [rows / speakers, speakers];
    const spectrum = planes * bands;
    const byFrame = tf.reshape(features, [T, N, frames, spectrum + others]);
    const spectra = tf.reshape(tf.slice(byFrame, 0, [T, N, frames, spectrum]), [T, N, frames, planes, bands]);
    let x = tf.reshape(tf.transpose(spectra, [1, 0, 2, 4, 3]), [N, T * frames, bands, planes]) as tf.Tensor4D;
    let at = 0;
    for (const { layers, poolSteps, poolBands } of blocks.blocks) {
      for (const layer of layers) {
        const seen = tf.concat([keptFrames(past[at], layer), x], 1) as tf.Tensor4D;
        past[at++] = lastFrames(seen);
        x = this.#convolve(seen, layer);
      }
      x = tf.maxPool(x, [poolSteps, poolBands], [poolSteps, poolBands], 'valid');
    }
    const heard = tf.reshape(tf.transpose(x, [1, 0, 3, 2]), [rows, blocks.units]) as tf.Tensor2D;
    if (others === 0) return heard;
    const rest = tf.slice(byFrame, [0, 0, 0, spectrum], [T, N, frames, others]);
    return tf.concat([heard, tf.reshape(rest, [rows, frames * others])], 1) as tf.Tensor2D;
  }

  dispose(): void {
    for (const { kernel, shift } of this.#filters.values()) tf.dispose([kernel, shift]);
  }

  /** [N, pastFrames + Y, X, I] → [N, Y, X, O] */
  #convolve(x: tf.Tensor4D, { name }: ConvolutionLayer): tf.Tensor4D {
    const { kernel, shift } = this.#filters.get(name)!;
    const bandsOnly: tf.backend_util.ExplicitPadding = [
      [0, 0],
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    return tf.relu(tf.add(tf.conv2d(x, kernel, 1, bandsOnly), shift));
  }
}

function filters(weight: (part: string) => tf.Tensor): Filters {
  const [kernel, shift] = tf.tidy(() => {
    const gain = tf.div(weight('scale'), tf.sqrt(tf.add(weight('variance'), batchNormEpsilon)));
    return [
      tf.mul(tf.transpose(weight('kernel'), [2, 3, 1, 0]), gain) as tf.Tensor4D,
      tf.sub(weight('bias'), tf.mul(weight('mean'), gain)) as tf.Tensor1D,
    ];
  });
  return { kernel: kernel as tf.Tensor4D, shift: shift as tf.Tensor1D };
}

/** [N, I · pastFrames · X] → [N, pastFrames, X, I] */
const keptFrames = (kept: tf.Tensor2D, { inputs, bands }: ConvolutionLayer): tf.Tensor4D =>
  tf.transpose(tf.reshape(kept, [kept.shape[0], inputs, pastFrames, bands]), [0, 2, 3, 1]);

/** [N, Y, X, I] → [N, I · pastFrames · X] */
function lastFrames(x: tf.Tensor4D): tf.Tensor2D {
  const [N, Y, X, I] = x.shape;
  const last = tf.slice(x, [0, Y - pastFrames, 0, 0], [N, pastFrames, X, I]);
  return tf.reshape(tf.transpose(last, [0, 3, 1, 2]), [N, I * pastFrames * X]);
}
