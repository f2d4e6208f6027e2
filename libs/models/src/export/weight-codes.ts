import type { CompressedPrecision } from '../model/precision.ts';
import type { TensorShape } from '../network/tensor-shape.ts';

/** Weights in eight bits: value = code · scale of its output channel. */
interface Int8Weights {
  /** −127 … 127, in the order of the values. */
  codes: Int8Array;
  /** One for each index of the channel axis. */
  scales: Float32Array;
}

/**
 * Symmetric quantisation with one scale for each output channel (Krishnamoorthi 2018, arXiv:1806.08342, §2.2 and §3.1): the
 * largest value of a channel becomes ±127. No value moves by more than half its channel's scale.
 * @param dims shape of `values`, row-major @param axis of the output channels
 */
export function int8Weights(values: Float32Array, dims: readonly number[], axis: number): Int8Weights {
  const channelOf = channels(dims, axis);
  const scales = new Float32Array(dims[axis]);
  for (const [i, value] of values.entries()) {
    const channel = channelOf(i);
    scales[channel] = Math.max(scales[channel], Math.abs(value));
  }
  // A channel of zeros has no largest value to divide by.
  for (let c = 0; c < scales.length; c++) scales[c] = scales[c] === 0 ? 1 : scales[c] / 127;
  return { codes: Int8Array.from(values, (value, i) => Math.round(value / scales[channelOf(i)])), scales };
}

/**
 * IEEE 754 binary16, rounded to the nearest, ties to even, with subnormals.
 * @throws RangeError when a value is beyond ±65,504: its half would be infinite
 */
export function float16Weights(values: Float32Array): Float16Array {
  const halves = Float16Array.from(values);
  const beyond = halves.findIndex((half) => !Number.isFinite(half));
  if (beyond !== -1)
    throw new RangeError(`${values[beyond]} has no float16: these weights are broken, train the model again`);
  return halves;
}

/**
 * The weights as an engine sees them after they were compressed: what `compressedGraph` makes of them. Kernels are
 * rounded; their output channels are on the last axis, those of convolutions on the first. Biases stay.
 */
export function roundedTensors(
  tensors: ReadonlyMap<string, Float32Array>,
  shapes: readonly TensorShape[],
  precision: CompressedPrecision,
): Map<string, Float32Array> {
  return new Map(
    shapes.map(({ name, shape }) => {
      const values = tensors.get(name)!;
      if (shape.length < 2) return [name, values];
      if (precision === 'float16') return [name, Float32Array.from(float16Weights(values))];
      const axis = shape.length === 4 ? 0 : shape.length - 1;
      const { codes, scales } = int8Weights(values, shape, axis);
      const channelOf = channels(shape, axis);
      return [name, Float32Array.from(codes, (code, i) => code * scales[channelOf(i)])];
    }),
  );
}

/** The channel of each value, by its index. */
function channels(dims: readonly number[], axis: number): (i: number) => number {
  const inner = dims.slice(axis + 1).reduce((product, n) => product * n, 1);
  return (i) => Math.floor(i / inner) % dims[axis];
}
