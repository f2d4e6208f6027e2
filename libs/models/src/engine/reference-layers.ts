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
