import { type BandConvolutions, bandKernel, bandPool } from '../network/band-convolutions.ts';

type Numbers = Float32Array | Float64Array;

/** Reads the weights of a tensor by its name. */
export type TensorReader = (name: string) => Float32Array;

export const relu = (x: number) => Math.max(0, x);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** input [I] · kernel [I, O] + bias [O] */
export function dense(input: Numbers, kernel: Float32Array, bias: Float32Array): Float64Array<ArrayBuffer> {
  const output = Float64Array.from(bias);
  const width = output.length;
  for (let i = 0; i < input.length; i++) {
    for (let o = 0; o < width; o++) output[o] += input[i] * kernel[i * width + o];
  }
  return output;
}

/** [O] to mean 0 and variance 1, then `scale` and `bias`. */
export function layerNorm(input: Float64Array, scale: Float32Array, bias: Float32Array): Float64Array {
  const mean = input.reduce((sum, value) => sum + value, 0) / input.length;
  const variance = input.reduce((sum, value) => sum + (value - mean) ** 2, 0) / input.length;
  return input.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[i] + bias[i]);
}

/** One step of the GRU `layer`: `input` [I], `previous` [H] → the next output [H]. */
export function gruStep(
  tensor: TensorReader,
  layer: string,
  input: Numbers,
  previous: Float64Array,
): Float64Array {
  const H = previous.length;
  const gates = dense(input, tensor(`${layer}.kernel`), tensor(`${layer}.bias`));
  const recurrent = dense(previous, tensor(`${layer}.recurrentKernel`), new Float32Array(3 * H));
  const candidateBias = tensor(`${layer}.candidateBias`);
  return Float64Array.from({ length: H }, (_, i) => {
    const update = sigmoid(gates[i] + recurrent[i]);
    const reset = sigmoid(gates[H + i] + recurrent[H + i]);
    const candidate = Math.tanh(gates[2 * H + i] + reset * (recurrent[2 * H + i] + candidateBias[i]));
    return (1 - update) * candidate + update * previous[i];
  });
}

/** `features` [F] of a step → [V], see `BandConvolutions`. */
export function bandConvolutions(
  tensor: TensorReader,
  { layout, stages, units }: BandConvolutions,
  features: Numbers,
): Float64Array {
  const { frames, planes, bands, others } = layout;
  const frameFloats = planes * bands + others;
  const channels = Array.from({ length: frames * planes }, (_, c) => {
    const from = Math.floor(c / planes) * frameFloats + (c % planes) * bands;
    return Float64Array.from(features.subarray(from, from + bands));
  });
  const filtered = stages.reduce((inputs, { name, outputs, bands: width }) => {
    const kernel = tensor(`${name}.kernel`);
    const bias = tensor(`${name}.bias`);
    return Array.from({ length: outputs }, (_, o) => {
      const answer = (band: number) => {
        let sum = bias[o];
        for (const [i, input] of inputs.entries()) {
          for (let tap = 0; tap < bandKernel; tap++) {
            const at = band + tap - (bandKernel >> 1);
            if (at >= 0 && at < width) sum += input[at] * kernel[(o * inputs.length + i) * bandKernel + tap];
          }
        }
        return relu(sum);
      };
      const pooled = Math.floor(width / bandPool);
      return Float64Array.from({ length: pooled }, (_, band) =>
        Math.max(answer(bandPool * band), answer(bandPool * band + 1)),
      );
    });
  }, channels);
  const result = new Float64Array(units);
  let at = 0;
  for (const filter of filtered) {
    result.set(filter, at);
    at += filter.length;
  }
  for (let frame = 0; frame < frames; frame++, at += others) {
    const from = frame * frameFloats + planes * bands;
    result.set(features.subarray(from, from + others), at);
  }
  return result;
}
