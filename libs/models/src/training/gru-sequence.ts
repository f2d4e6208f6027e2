import * as tf from '@tensorflow/tfjs-core';

/**
 * The GRU over whole sequences from a zero state: `gates` [T·B, 3H] (the input's part, time-major, bias included),
 * `kernel` [H, 3H], `candidateBias` [H] → outputs [T·B, H]. Gate order and formula are those of `referenceForward`.
 *
 * Forward and backward (back-propagation through time) are written out. Only the products run on the backend: reading
 * one step out of a WASM tensor copies all of it, and thirty small operations a step cost more than these loops.
 */
export function gruSequence(
  gates: tf.Tensor2D,
  kernel: tf.Tensor2D,
  candidateBias: tf.Tensor1D,
  steps: number,
): tf.Tensor2D {
  const run = tf.customGrad((...args: unknown[]) => {
    const [g, u, b, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const tape = forward(g, u, b, steps);
    save([u]);
    return {
      value: tf.tensor2d(tape.outputs, [tape.rows, tape.H]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy, saved[0] as tf.Tensor2D, tape),
    };
  }) as unknown as (g: tf.Tensor2D, u: tf.Tensor2D, b: tf.Tensor1D) => tf.Tensor2D;
  return run(gates, kernel, candidateBias);
}

/** What the backward pass needs of the forward pass; each array is [T·B, H]. */
interface Tape {
  H: number;
  /** B·H floats of one step. */
  stride: number;
  rows: number;
  outputs: Float32Array;
  updates: Float32Array;
  resets: Float32Array;
  candidates: Float32Array;
  /** The recurrent part of the candidate before the reset gate. */
  recalled: Float32Array;
}

function forward(gates: tf.Tensor2D, kernel: tf.Tensor2D, candidateBias: tf.Tensor1D, steps: number): Tape {
  const H = kernel.shape[0];
  const rows = gates.shape[0];
  const B = rows / steps;
  const stride = B * H;
  const input = gates.dataSync() as Float32Array;
  const bias = candidateBias.dataSync() as Float32Array;
  const array = () => new Float32Array(rows * H);
  const tape: Tape = {
    H,
    stride,
    rows,
    outputs: array(),
    updates: array(),
    resets: array(),
    candidates: array(),
    recalled: array(),
  };
  const { outputs, updates, resets, candidates, recalled } = tape;
  const noRecurrence = new Float32Array(3 * stride);
  for (let t = 0; t < steps; t++) {
    const from = t * stride;
    const recurrent = t === 0 ? noRecurrence : product(outputs.subarray(from - stride, from), kernel);
    for (let b = 0; b < B; b++) {
      const row = from + b * H;
      for (let i = 0; i < H; i++) {
        const at = row + i;
        const gate = 3 * row + i;
        const back = 3 * b * H + i;
        const update = 1 / (1 + Math.exp(-(input[gate] + recurrent[back])));
        const reset = 1 / (1 + Math.exp(-(input[gate + H] + recurrent[back + H])));
        const recall = recurrent[back + 2 * H] + bias[i];
        const candidate = 2 / (1 + Math.exp(-2 * (input[gate + 2 * H] + reset * recall))) - 1;
        const previous = t === 0 ? 0 : outputs[at - stride];
        outputs[at] = candidate + update * (previous - candidate);
        updates[at] = update;
        resets[at] = reset;
        candidates[at] = candidate;
        recalled[at] = recall;
      }
    }
  }
  return tape;
}

/** Gradients with respect to gates, kernel and candidate bias. */
function backward(dy: tf.Tensor, kernel: tf.Tensor2D, tape: Tape): tf.Tensor[] {
  const { H, stride, rows, outputs, updates, resets, candidates, recalled } = tape;
  const outputGradient = dy.dataSync() as Float32Array;
  const kernelTransposed = tf.transpose(kernel);
  const gateGradient = new Float32Array(3 * rows * H);
  const recurrentGradient = new Float32Array(3 * rows * H);
  const biasGradient = new Float32Array(H);
  const fromLater = new Float32Array(stride);
  for (let from = rows * H - stride; from >= 0; from -= stride) {
    for (let row = 0; row < stride; row += H) {
      for (let i = 0; i < H; i++) {
        const at = from + row + i;
        const gate = 3 * (from + row) + i;
        const update = updates[at];
        const reset = resets[at];
        const candidate = candidates[at];
        const previous = from === 0 ? 0 : outputs[at - stride];
        const output = outputGradient[at] + fromLater[row + i];
        const candidateSum = output * (1 - update) * (1 - candidate * candidate);
        const updateSum = output * (previous - candidate) * update * (1 - update);
        const resetSum = candidateSum * recalled[at] * reset * (1 - reset);
        gateGradient[gate] = updateSum;
        gateGradient[gate + H] = resetSum;
        gateGradient[gate + 2 * H] = candidateSum;
        recurrentGradient[gate] = updateSum;
        recurrentGradient[gate + H] = resetSum;
        recurrentGradient[gate + 2 * H] = candidateSum * reset;
        biasGradient[i] += candidateSum * reset;
        fromLater[row + i] = output * update;
      }
    }
    if (from === 0) break;
    const throughKernel = product(
      recurrentGradient.subarray(3 * from, 3 * (from + stride)),
      kernelTransposed,
    );
    for (let i = 0; i < stride; i++) fromLater[i] += throughKernel[i];
  }
  const previousOutputs = new Float32Array(rows * H);
  previousOutputs.set(outputs.subarray(0, rows * H - stride), stride);
  return [
    tf.tensor2d(gateGradient, [rows, 3 * H]),
    tf.matMul(
      tf.transpose(tf.tensor2d(previousOutputs, [rows, H])),
      tf.tensor2d(recurrentGradient, [rows, 3 * H]),
    ),
    tf.tensor1d(biasGradient),
  ];
}

/** `matrix` (as many rows as fit) · `kernel`, on the backend. */
function product(matrix: Float32Array, kernel: tf.Tensor2D): Float32Array {
  const left = tf.tensor2d(matrix, [matrix.length / kernel.shape[0], kernel.shape[0]]);
  const result = tf.matMul(left, kernel);
  const values = result.dataSync() as Float32Array;
  tf.dispose([left, result]);
  return values;
}
