import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeOnnxModel } from '../export/onnx-message.ts';
import { SeededRandom } from '../seeded-random.ts';
import { batchNorm, fixedBatchNorm } from './batch-norm.ts';
import { convolution } from './convolution.ts';
import { DifferentiableGraph, type Value } from './differentiable-graph.ts';
import { layerNorm } from './layer-norm.ts';
import { lstmLayer } from './lstm-layer.ts';
import { maxPooling } from './max-pooling.ts';
import { reverseSequences } from './reversal.ts';

type Arrays = Record<string, { dims: number[]; values: Float64Array }>;

const random = new SeededRandom(4);
const noise = (...dims: number[]) => ({
  dims,
  values: Float64Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const given = (dims: number[], values: number[]) => ({ dims, values: Float64Array.from(values) });

/** Runs the operation in ONNX Runtime: its output, and the gradients of Σ output ⊙ upstream by each input in `wanted`. */
async function run(
  inputs: Arrays,
  wanted: string[],
  operation: (graph: DifferentiableGraph) => Value,
  upstream: { dims: number[]; values: Float64Array },
) {
  const graph = new DifferentiableGraph();
  for (const [name, { dims }] of Object.entries({ ...inputs, upstream })) graph.input(name, dims);
  const y = operation(graph);
  graph.differentiate(graph.dotFed(y, 'upstream'));
  const outputs = new Map([['y', { value: y, dims: upstream.dims as (number | string)[] }]]);
  for (const name of wanted)
    outputs.set(`d:${name}`, { value: graph.gradient(name)!, dims: inputs[name].dims });
  const session = await InferenceSession.create(encodeOnnxModel(graph.build('test', outputs), '1'));
  const results = await session.run(
    Object.fromEntries(
      Object.entries({ ...inputs, upstream }).map(([name, { dims, values }]) => [
        name,
        new Tensor('float32', Float32Array.from(values), dims),
      ]),
    ),
  );
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  );
}

/**
 * Holds the operation to `reference`, plain loops in double precision: its values, and its gradients to the reference's
 * central differences, to `tolerance`.
 */
async function agrees(
  inputs: Arrays,
  wanted: string[],
  operation: (graph: DifferentiableGraph) => Value,
  reference: (inputs: Arrays) => { dims: number[]; values: Float64Array },
  tolerance = 2e-5,
) {
  const expected = reference(inputs);
  const upstream = noise(...expected.dims);
  const found = await run(inputs, wanted, operation, upstream);
  const near = (name: string, values: ArrayLike<number>, truth: ArrayLike<number>) => {
    expect(values.length, name).toBe(truth.length);
    for (let i = 0; i < truth.length; i++)
      expect(Math.abs(values[i] - truth[i]), `${name}[${i}]`).toBeLessThan(
        tolerance * (1 + Math.abs(truth[i])),
      );
  };
  near('y', found.y, expected.values);
  const loss = () => reference(inputs).values.reduce((sum, value, i) => sum + value * upstream.values[i], 0);
  for (const name of wanted) {
    const { values } = inputs[name];
    const slopes = values.map((value, i) => {
      const step = 1e-6;
      values[i] = value + step;
      const above = loss();
      values[i] = value - step;
      const below = loss();
      values[i] = value;
      return (above - below) / (2 * step);
    });
    expect(Math.max(...slopes.map(Math.abs)), name).toBeGreaterThan(0.01);
    near(`d:${name}`, found[`d:${name}`], slopes);
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('operations of the differentiable graph agree, values and gradients, with loops in double precision', () => {
  it.each([
    { height: 3, width: 3, above: 1, below: 1 },
    { height: 3, width: 3, above: 2, below: 0 },
    { height: 3, width: 3, above: 0, below: 0 },
    { height: 1, width: 5, above: 0, below: 0 },
  ])('convolution, %j', async ({ height, width, above, below }) => {
    const [N, I, O, Y, X] = [2, 3, 4, 5, 6];
    const rows = Y + above + below - height + 1;
    const inputs = { x: noise(N, I, Y, X), kernel: noise(O, I, height, width) };
    await agrees(
      inputs,
      ['x', 'kernel'],
      (graph) => convolution(graph, 'x', 'kernel', { inputs: I, outputs: O, height, width }, [above, below]),
      ({ x, kernel }) => {
        const y = new Float64Array(N * O * rows * X);
        const read = (n: number, i: number, r: number, c: number) =>
          r < 0 || c < 0 || r >= Y || c >= X ? 0 : x.values[((n * I + i) * Y + r) * X + c];
        for (let n = 0; n < N; n++)
          for (let o = 0; o < O; o++)
            for (let r = 0; r < rows; r++)
              for (let c = 0; c < X; c++) {
                let sum = 0;
                for (let i = 0; i < I; i++)
                  for (let p = 0; p < height; p++)
                    for (let q = 0; q < width; q++)
                      sum +=
                        read(n, i, r + p - above, c + q - (width >> 1)) *
                        kernel.values[((o * I + i) * height + p) * width + q];
                y[((n * O + o) * rows + r) * X + c] = sum;
              }
        return { dims: [N, O, rows, X], values: y };
      },
    );
  });

  it.each([
    [2, 2],
    [1, 2],
    [2, 1],
  ])('max pooling, %i × %i, with rows and columns left over', async (height, width) => {
    const [N, Y, X] = [3, 5, 7];
    const [y, x] = [Math.floor(Y / height), Math.floor(X / width)];
    await agrees(
      { x: noise(N, 2, Y, X) },
      ['x'],
      (graph) => maxPooling(graph, 'x', height, width),
      (inputs) => ({
        dims: [N, 2, y, x],
        values: Float64Array.from({ length: N * 2 * y * x }, (_, at) => {
          const plane = Math.floor(at / (y * x)) * Y * X;
          const row = Math.floor((at % (y * x)) / x) * height;
          const column = (at % x) * width;
          let largest = Number.NEGATIVE_INFINITY;
          for (let p = 0; p < height; p++)
            for (let q = 0; q < width; q++)
              largest = Math.max(largest, inputs.x.values[plane + (row + p) * X + column + q]);
          return largest;
        }),
      }),
    );
  });

  const [N, C, Y, X] = [3, 2, 4, 3];
  // The last clip is a row shorter.
  const mask = given([N, 1, Y, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
  const valid = (at: number) => mask.values[Math.floor(at / (C * Y * X)) * Y + (Math.floor(at / X) % Y)];
  const channel = (at: number) => Math.floor(at / (Y * X)) % C;
  const normed = (
    { x, scale, bias }: Arrays,
    mean: (c: number) => number,
    variance: (c: number) => number,
  ) => ({
    dims: x.dims,
    values: x.values.map((value, at) => {
      const c = channel(at);
      const standard = (value - mean(c)) / Math.sqrt(variance(c) + 1e-5);
      return valid(at) * (standard * scale.values[c] + bias.values[c]);
    }),
  });

  it('batch normalisation over what is no padding', async () => {
    const inputs = { x: noise(N, C, Y, X), scale: noise(C), bias: noise(C), mask };
    const average = (of: (at: number) => number, c: number) => {
      let [sum, count] = [0, 0];
      for (let at = 0; at < N * C * Y * X; at++) {
        if (channel(at) !== c || valid(at) === 0) continue;
        sum += of(at);
        count++;
      }
      return sum / count;
    };
    await agrees(
      inputs,
      ['x', 'scale', 'bias'],
      (graph) => batchNorm(graph, 'x', 'mask', { scale: 'scale', bias: 'bias', channels: C }).output,
      (own) => {
        const mean = (c: number) => average((at) => own.x.values[at], c);
        return normed(own, mean, (c) => {
          const centre = mean(c);
          return average((at) => (own.x.values[at] - centre) ** 2, c);
        });
      },
    );
  });

  it('batch normalisation by statistics gathered before', async () => {
    const inputs = { x: noise(N, C, Y, X), scale: noise(C), bias: noise(C), mask, mean: noise(C) };
    const variance = given([C], [0.5, 2]);
    await agrees(
      { ...inputs, variance },
      [],
      (graph) =>
        fixedBatchNorm(graph, 'x', 'mask', { scale: 'scale', bias: 'bias', channels: C }, 'mean', 'variance'),
      (own) =>
        normed(
          own,
          (c) => own.mean.values[c],
          (c) => own.variance.values[c],
        ),
    );
  });

  it('layer normalisation', async () => {
    const [rows, O] = [6, 5];
    await agrees(
      { x: noise(2, 3, O), scale: noise(O), bias: noise(O) },
      ['x', 'scale', 'bias'],
      (graph) => layerNorm(graph, 'x', 'scale', 'bias', O),
      ({ x, scale, bias }) => {
        const y = new Float64Array(rows * O);
        for (let r = 0; r < rows; r++) {
          const row = x.values.slice(r * O, (r + 1) * O);
          const mean = row.reduce((sum, value) => sum + value, 0) / O;
          const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / O;
          for (let o = 0; o < O; o++)
            y[r * O + o] = ((row[o] - mean) / Math.sqrt(variance + 1e-5)) * scale.values[o] + bias.values[o];
        }
        return { dims: [2, 3, O], values: y };
      },
    );
  });

  it('the LSTM', async () => {
    const [T, B, H] = [4, 2, 3];
    await agrees(
      {
        gates: noise(T, B, 4 * H),
        kernel: noise(H, 4 * H),
        initial: given([B, H], new Array(B * H).fill(0)),
      },
      ['gates', 'kernel'],
      (graph) => lstmLayer(graph, 'gates', 'kernel', 'initial', H),
      ({ gates, kernel }) => {
        const y = new Float64Array(T * B * H);
        for (let b = 0; b < B; b++) {
          let hidden = new Float64Array(H);
          const cell = new Float64Array(H);
          for (let t = 0; t < T; t++) {
            const sums = Float64Array.from({ length: 4 * H }, (_, g) => {
              let sum = gates.values[(t * B + b) * 4 * H + g];
              for (let i = 0; i < H; i++) sum += hidden[i] * kernel.values[i * 4 * H + g];
              return sum;
            });
            hidden = Float64Array.from({ length: H }, (_, i) => {
              cell[i] = sigmoid(sums[H + i]) * cell[i] + sigmoid(sums[i]) * Math.tanh(sums[2 * H + i]);
              return sigmoid(sums[3 * H + i]) * Math.tanh(cell[i]);
            });
            y.set(hidden, (t * B + b) * H);
          }
        }
        return { dims: [T, B, H], values: y };
      },
    );
  });

  it('reversal of sequences of unlike length', async () => {
    const [T, B] = [4, 2];
    const lengths = given([B], [4, 3]);
    await agrees(
      { x: noise(T, B, 1), lengths },
      ['x'],
      (graph) => reverseSequences(graph, 'x', 'lengths'),
      ({ x }) => ({
        dims: [T, B, 1],
        values: x.values.map((_, at) => {
          const [t, b] = [Math.floor(at / B), at % B];
          const from = t < lengths.values[b] ? lengths.values[b] - 1 - t : t;
          return x.values[from * B + b];
        }),
      }),
    );
  });
});
