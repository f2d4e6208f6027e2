import type { OnnxGraph, OnnxNode } from '../export/onnx-message.ts';
import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/**
 * The LSTM over whole sequences (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000): `gates`
 * [T, B, 4H] (the input's part, bias included; input, forget, candidate, output), `kernel` [H, 4H], `initial` [B, H] zeros
 * → outputs [T, B, H]. Like `gruLayer`: one `Scan` forwards, another back through time.
 */
export function lstmLayer(
  graph: DifferentiableGraph,
  gates: Value,
  kernel: Value,
  initial: Value,
  H: number,
): Value {
  const [, , outputs, ...tape] = graph.emitMany('Scan', [initial, initial, gates], 9, {
    body: forwardStep(kernel, H),
    num_scan_inputs: 1,
  });
  const cells = tape.pop()!;
  graph.onBackward(outputs, (gradient) => {
    const transposed = graph.emit('Transpose', [kernel], { perm: [1, 0] });
    const [, , gateGradient] = graph.emitMany(
      'Scan',
      [initial, initial, gradient, ...tape, before(graph, cells, initial)],
      3,
      {
        body: backwardStep(transposed, H),
        num_scan_inputs: 7,
        scan_input_directions: [1, 1, 1, 1, 1, 1, 1],
        scan_output_directions: [1],
      },
    );
    graph.accumulate(gates, gateGradient);
    const previous = before(graph, outputs, initial);
    graph.accumulate(kernel, graph.productOverRows(previous, H, gateGradient, 4 * H));
  });
  return outputs;
}

/** [T, B, H] each step's value of the step before. */
function before(graph: DifferentiableGraph, values: Value, initial: Value): Value {
  const first = graph.emit('Unsqueeze', [initial, graph.integers([0])]);
  const bounds = [graph.integers([0]), graph.integers([-1]), graph.integers([0])];
  return graph.emit('Concat', [first, graph.emit('Slice', [values, ...bounds])], { axis: 0 });
}

const tapeNames = ['input', 'forget', 'candidate', 'output', 'squashed'];

/** [B, H] → the next hidden and cell state, the output, and what the way back needs, the cell last. */
function forwardStep(kernel: Value, H: number): OnnxGraph {
  return {
    name: 'lstmForward',
    inputs: [
      { name: 'hidden', dims: ['B', H] },
      { name: 'cell', dims: ['B', H] },
      { name: 'gateInput', dims: ['B', 4 * H] },
    ],
    outputs: ['nextHidden', 'nextCell', 'hiddenOut', ...tapeNames, 'cellOut'].map((name) => ({
      name,
      dims: ['B', H],
    })),
    constants: [{ name: 'gateSizes', dims: [4], values: BigInt64Array.from([H, H, H, H], BigInt) }],
    nodes: [
      node('MatMul', ['hidden', kernel], ['recurrent']),
      node('Add', ['gateInput', 'recurrent'], ['sums']),
      node('Split', ['sums', 'gateSizes'], ['inputSum', 'forgetSum', 'candidateSum', 'outputSum'], {
        axis: 1,
      }),
      node('Sigmoid', ['inputSum'], ['input']),
      node('Sigmoid', ['forgetSum'], ['forget']),
      node('Tanh', ['candidateSum'], ['candidate']),
      node('Sigmoid', ['outputSum'], ['output']),
      node('Mul', ['forget', 'cell'], ['kept']),
      node('Mul', ['input', 'candidate'], ['added']),
      node('Add', ['kept', 'added'], ['nextCell']),
      node('Tanh', ['nextCell'], ['squashed']),
      node('Mul', ['output', 'squashed'], ['nextHidden']),
      node('Identity', ['nextHidden'], ['hiddenOut']),
      node('Identity', ['nextCell'], ['cellOut']),
    ],
  };
}

/** The gradients of a step's hidden and cell state → those of the step before, and of the gates. */
function backwardStep(kernelTransposed: Value, H: number): OnnxGraph {
  const scanned = ['own', ...tapeNames, 'before'].map((name) => `${name}At`);
  return {
    name: 'lstmBackward',
    inputs: ['laterHidden', 'laterCell', ...scanned].map((name) => ({ name, dims: ['B', H] })),
    outputs: [
      { name: 'earlierHidden', dims: ['B', H] },
      { name: 'earlierCell', dims: ['B', H] },
      { name: 'gateGradient', dims: ['B', 4 * H] },
    ],
    constants: [{ name: 'unit', dims: [1], values: Float32Array.of(1) }],
    nodes: [
      node('Add', ['laterHidden', 'ownAt'], ['total']),
      node('Mul', ['squashedAt', 'squashedAt'], ['squashedSquare']),
      node('Sub', ['unit', 'squashedSquare'], ['squashedSlope']),
      node('Mul', ['total', 'outputAt'], ['toSquashed']),
      node('Mul', ['toSquashed', 'squashedSlope'], ['throughOutput']),
      node('Add', ['laterCell', 'throughOutput'], ['toCell']),
      ...sigmoidGradient('output', 'total', 'squashedAt'),
      ...sigmoidGradient('input', 'toCell', 'candidateAt'),
      ...sigmoidGradient('forget', 'toCell', 'beforeAt'),
      node('Mul', ['candidateAt', 'candidateAt'], ['candidateSquare']),
      node('Sub', ['unit', 'candidateSquare'], ['candidateSlope']),
      node('Mul', ['toCell', 'inputAt'], ['toCandidate']),
      node('Mul', ['toCandidate', 'candidateSlope'], ['candidateSum']),
      node('Concat', ['inputSum', 'forgetSum', 'candidateSum', 'outputSum'], ['gateGradient'], { axis: 1 }),
      node('MatMul', ['gateGradient', kernelTransposed], ['earlierHidden']),
      node('Mul', ['toCell', 'forgetAt'], ['earlierCell']),
    ],
  };
}

/** The gradient of a gate's sum: what the product it is a factor of passes on, times the other factor and the slope. */
function sigmoidGradient(gate: string, passed: Value, factor: Value): OnnxNode[] {
  return [
    node('Mul', [passed, factor], [`${gate}To`]),
    node('Sub', ['unit', `${gate}At`], [`${gate}Rest`]),
    node('Mul', [`${gate}At`, `${gate}Rest`], [`${gate}Slope`]),
    node('Mul', [`${gate}To`, `${gate}Slope`], [`${gate}Sum`]),
  ];
}

const node = (
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes?: OnnxNode['attributes'],
): OnnxNode => ({ operator, inputs, outputs, ...(attributes && { attributes }) });
