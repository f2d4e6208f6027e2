import type { OnnxGraph, OnnxNode, OnnxTensor } from '../export/onnx-message.ts';
import { namesRead, withoutUnread } from './read-values.ts';

/** Name of a value in the graph. */
export type Value = string;

type Attributes = NonNullable<OnnxNode['attributes']>;

/**
 * An ONNX graph that is written forwards and then backwards: every operation notes how its gradient is computed, and
 * `differentiate` appends those computations in reverse order (reverse-mode automatic differentiation).
 * Only the operations that our network needs; shapes in the comments are those of the values.
 */
export class DifferentiableGraph {
  readonly #inputs: OnnxGraph['inputs'] = [];
  readonly #constants: OnnxTensor[] = [];
  readonly #nodes: OnnxNode[] = [];
  readonly #backward: (() => void)[] = [];
  /** The parts that a value's gradient is the sum of. */
  readonly #gradients = new Map<Value, Value[]>();

  /** A value that is fed at every run; the same for the same name. A name as dimension means that it varies. */
  input(name: Value, dims: (number | string)[]): Value {
    if (!this.#inputs.some((known) => known.name === name)) this.#inputs.push({ name, dims });
    return name;
  }

  /** A value that the graph holds. */
  parameter(name: Value, dims: number[], values: Float32Array): Value {
    this.#constants.push({ name, dims, values });
    return name;
  }

  constant(values: number[]): Value {
    return this.#constant(Float32Array.from(values));
  }

  integers(values: number[]): Value {
    return this.#constant(BigInt64Array.from(values, BigInt));
  }

  /** Appends one node without a gradient and returns its only output. */
  emit(operator: string, inputs: Value[], attributes?: Attributes): Value {
    return this.emitMany(operator, inputs, 1, attributes)[0];
  }

  /** The same with several outputs. */
  emitMany(operator: string, inputs: Value[], count: number, attributes?: Attributes): Value[] {
    const outputs = Array.from({ length: count }, (_, i) => `v${this.#nodes.length}_${i}`);
    this.#nodes.push({ operator, inputs, outputs, ...(attributes && { attributes }) });
    return outputs;
  }

  /** Notes how the gradient of `output` is passed on; `pass` gets its name and is called in `differentiate`. */
  onBackward(output: Value, pass: (gradient: Value) => void): void {
    this.#backward.push(() => {
      const gradient = this.gradient(output);
      if (gradient !== null) pass(gradient);
    });
  }

  /** Adds a part to the gradient of `value`. */
  accumulate(value: Value, part: Value): void {
    const parts = this.#gradients.get(value);
    if (parts) parts.push(part);
    else this.#gradients.set(value, [part]);
  }

  /** The gradient of `value`, once everything that uses it has been differentiated; null if nothing does. */
  gradient(value: Value): Value | null {
    const parts = this.#gradients.get(value);
    if (!parts) return null;
    if (parts.length > 1) this.#gradients.set(value, [this.emit('Sum', parts)]);
    return this.#gradients.get(value)![0];
  }

  /** Appends the gradient of everything that the scalar `loss` depends on. */
  differentiate(loss: Value): void {
    this.accumulate(loss, this.constant([1]));
    for (const step of this.#backward.reverse()) step();
  }

  /** The finished graph; `outputs` maps the names it gives out to its values. */
  build(name: string, outputs: ReadonlyMap<string, { value: Value; dims: (number | string)[] }>): OnnxGraph {
    for (const [output, { value }] of outputs) {
      this.#nodes.push({ operator: 'Identity', inputs: [value], outputs: [output] });
    }
    const used = namesRead(this.#nodes);
    return {
      name,
      inputs: this.#inputs,
      outputs: Array.from(outputs, ([output, { dims }]) => ({ name: output, dims })),
      constants: this.#constants.filter(({ name }) => used.has(name)),
      nodes: withoutUnread(this.#nodes, used),
    };
  }

  /** x […, I] · kernel [I, O] */
  matMul(x: Value, kernel: Value, [I, O]: [number, number]): Value {
    const y = this.emit('MatMul', [x, kernel]);
    this.onBackward(y, (dy) => {
      const transposed = this.emit('Transpose', [kernel], { perm: [1, 0] });
      this.accumulate(x, this.emit('MatMul', [dy, transposed]));
      this.accumulate(kernel, this.productOverRows(x, I, dy, O));
    });
    return y;
  }

  /** a [R…, I]ᵀ · b [R…, O] → [I, O], summed over all leading dimensions. */
  productOverRows(a: Value, I: number, b: Value, O: number): Value {
    const rows = this.emit('Reshape', [a, this.integers([-1, I])]);
    const columns = this.emit('Transpose', [rows], { perm: [1, 0] });
    return this.emit('MatMul', [columns, this.emit('Reshape', [b, this.integers([-1, O])])]);
  }

  /** x […, O] + bias [O] */
  addBias(x: Value, bias: Value, O: number): Value {
    const y = this.emit('Add', [x, bias]);
    this.onBackward(y, (dy) => {
      this.accumulate(x, dy);
      this.accumulate(bias, this.sumOfRows(dy, O));
    });
    return y;
  }

  /** x […, O] → [O] */
  sumOfRows(x: Value, O: number): Value {
    const rows = this.emit('Reshape', [x, this.integers([-1, O])]);
    return this.emit('ReduceSum', [rows, this.integers([0])], { keepdims: 0 });
  }

  /** x + fed, where `fed` needs no gradient and may have `axis` where x has 1. */
  addFed(x: Value, fed: Value, axis: number | null = null): Value {
    const y = this.emit('Add', [x, fed]);
    this.onBackward(y, (dy) =>
      this.accumulate(
        x,
        axis === null ? dy : this.emit('ReduceSum', [dy, this.integers([axis])], { keepdims: 1 }),
      ),
    );
    return y;
  }

  /** x ⊙ fed, of the same shape or broadcast to that of x; `fed` needs no gradient. */
  mulFed(x: Value, fed: Value): Value {
    const y = this.emit('Mul', [x, fed]);
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Mul', [dy, fed])));
    return y;
  }

  subtract(a: Value, b: Value): Value {
    const y = this.emit('Sub', [a, b]);
    this.onBackward(y, (dy) => {
      this.accumulate(a, dy);
      this.accumulate(b, this.emit('Neg', [dy]));
    });
    return y;
  }

  square(x: Value): Value {
    const y = this.emit('Mul', [x, x]);
    this.onBackward(y, (dy) => {
      const half = this.emit('Mul', [dy, x]);
      this.accumulate(x, this.emit('Add', [half, half]));
    });
    return y;
  }

  relu(x: Value): Value {
    const y = this.emit('Relu', [x]);
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Mul', [dy, this.emit('Sign', [y])])));
    return y;
  }

  tanh(x: Value): Value {
    const y = this.emit('Tanh', [x]);
    this.onBackward(y, (dy) => {
      const slope = this.emit('Sub', [this.constant([1]), this.emit('Mul', [y, y])]);
      this.accumulate(x, this.emit('Mul', [dy, slope]));
    });
    return y;
  }

  sqrt(x: Value): Value {
    const y = this.emit('Sqrt', [x]);
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Div', [dy, this.emit('Add', [y, y])])));
    return y;
  }

  /** Over the last axis. */
  softmax(x: Value): Value {
    const y = this.emit('Softmax', [x], { axis: -1 });
    this.onBackward(y, (dy) => {
      const weighted = this.emit('Mul', [dy, y]);
      const mean = this.emit('ReduceSum', [weighted, this.integers([-1])], { keepdims: 1 });
      this.accumulate(x, this.emit('Mul', [y, this.emit('Sub', [dy, mean])]));
    });
    return y;
  }

  /** Over the last axis. */
  logSoftmax(x: Value): Value {
    const y = this.emit('LogSoftmax', [x], { axis: -1 });
    this.onBackward(y, (dy) => {
      const sum = this.emit('ReduceSum', [dy, this.integers([-1])], { keepdims: 1 });
      const share = this.emit('Mul', [this.emit('Exp', [y]), sum]);
      this.accumulate(x, this.emit('Sub', [dy, share]));
    });
    return y;
  }

  /** The parts of x […, Σ sizes] along the last axis. */
  split(x: Value, sizes: number[]): Value[] {
    const parts = this.emitMany('Split', [x, this.integers(sizes)], sizes.length, { axis: -1 });
    // Runs after the parts' own gradients are known, since those are noted later.
    this.#backward.push(() => {
      const gradients = parts.map((part) => this.gradient(part) ?? this.emit('Sub', [part, part]));
      this.accumulate(x, this.emit('Concat', gradients, { axis: -1 }));
    });
    return parts;
  }

  /** Values side by side along the last axis, `sizes` wide. */
  concat(values: Value[], sizes: number[]): Value {
    const y = this.emit('Concat', values, { axis: -1 });
    this.onBackward(y, (dy) => {
      const parts = this.emitMany('Split', [dy, this.integers(sizes)], sizes.length, { axis: -1 });
      for (const [i, value] of values.entries()) this.accumulate(value, parts[i]);
    });
    return y;
  }

  transpose(x: Value, perm: number[]): Value {
    const y = this.emit('Transpose', [x], { perm });
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Transpose', [dy], { perm: inverse })));
    return y;
  }

  /** `back` is the shape of x, with −1 for the dimension that varies. */
  reshape(x: Value, shape: number[], back: number[]): Value {
    const y = this.emit('Reshape', [x, this.integers(shape)]);
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Reshape', [dy, this.integers(back)])));
    return y;
  }

  unsqueeze(x: Value, axis: number): Value {
    const y = this.emit('Unsqueeze', [x, this.integers([axis])]);
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Squeeze', [dy, this.integers([axis])])));
    return y;
  }

  /** weights [B, K, Q, T] · values [B, 1, T, H] → [B, K, Q, H] */
  weightedSums(weights: Value, values: Value): Value {
    const y = this.emit('MatMul', [weights, values]);
    this.onBackward(y, (dy) => {
      const columns = this.emit('Transpose', [values], { perm: [0, 1, 3, 2] });
      this.accumulate(weights, this.emit('MatMul', [dy, columns]));
      const moments = this.emit('Transpose', [weights], { perm: [0, 1, 3, 2] });
      const byHead = this.emit('MatMul', [moments, dy]);
      this.accumulate(values, this.emit('ReduceSum', [byHead, this.integers([1])], { keepdims: 1 }));
    });
    return y;
  }

  /** Σ x ⊙ fed, a scalar; `fed` has the shape of x and needs no gradient. */
  dotFed(x: Value, fed: Value): Value {
    const y = this.emit('ReduceSum', [this.emit('Mul', [x, fed])], { keepdims: 0 });
    this.onBackward(y, (dy) => this.accumulate(x, this.emit('Mul', [fed, dy])));
    return y;
  }

  sum(a: Value, b: Value): Value {
    const y = this.emit('Add', [a, b]);
    this.onBackward(y, (dy) => {
      this.accumulate(a, dy);
      this.accumulate(b, dy);
    });
    return y;
  }

  #constant(values: OnnxTensor['values']): Value {
    const name = `c${this.#constants.length}`;
    this.#constants.push({ name, dims: [values.length], values });
    return name;
  }
}
