import type { OnnxGraph, OnnxNode } from '../export/onnx-message.ts';
import type { DifferentiableGraph, Value } from './differentiable-graph.ts';

/**
 * The GRU over whole sequences: `gates` [T, B, 3H] (the input's part, bias included), `kernel` [H, 3H], `candidateBias`
 * [H], `initial` [B, H] → outputs [T, B, H]. Gate order and formula are those of `referenceForward`. One `Scan` runs
 * forwards, another back through time (Werbos 1990); the kernel's gradient is one product over all steps afterwards.
 */
export function gruLayer(
  graph: DifferentiableGraph,
  gates: Value,
  kernel: Value,
  candidateBias: Value,
  initial: Value,
  H: number,
): Value {
  const [, outputs, updates, resets, candidates, recalled] = graph.emitMany('Scan', [initial, gates], 6, {
    body: forwardStep(kernel, candidateBias, H),
    num_scan_inputs: 1,
  });
  graph.onBackward(outputs, (gradient) => {
    const first = graph.emit('Unsqueeze', [initial, graph.integers([0])]);
    const bounds = [graph.integers([0]), graph.integers([-1]), graph.integers([0])];
    const earlier = graph.emit('Slice', [outputs, ...bounds]);
    const previous = graph.emit('Concat', [first, earlier], { axis: 0 });
    const transposed = graph.emit('Transpose', [kernel], { perm: [1, 0] });
    const [, gateGradient, recurrentGradient, recallGradient] = graph.emitMany(
      'Scan',
      [initial, gradient, updates, resets, candidates, recalled, previous],
      4,
      {
        body: backwardStep(transposed, H),
        num_scan_inputs: 6,
        scan_input_directions: [1, 1, 1, 1, 1, 1],
        scan_output_directions: [1, 1, 1],
      },
    );
    graph.accumulate(gates, gateGradient);
    graph.accumulate(kernel, graph.productOverRows(previous, H, recurrentGradient, 3 * H));
    graph.accumulate(candidateBias, graph.sumOfRows(recallGradient, H));
  });
  return outputs;
}

/** [B, H] → the next hidden state, and what the way back needs. `kernel` and `bias` are values of the outer graph. */
function forwardStep(kernel: Value, bias: Value, H: number): OnnxGraph {
  return {
    name: 'gruForward',
    inputs: [
      { name: 'hidden', dims: ['B', H] },
      { name: 'input', dims: ['B', 3 * H] },
    ],
    outputs: ['next', 'output', 'update', 'reset', 'candidate', 'recall'].map((name) => ({
      name,
      dims: ['B', H],
    })),
    constants: [{ name: 'gateSizes', dims: [3], values: BigInt64Array.from([H, H, H], BigInt) }],
    nodes: [
      node('MatMul', ['hidden', kernel], ['recurrent']),
      node('Split', ['input', 'gateSizes'], ['inUpdate', 'inReset', 'inCandidate'], { axis: 1 }),
      node('Split', ['recurrent', 'gateSizes'], ['reUpdate', 'reReset', 'reCandidate'], { axis: 1 }),
      node('Add', ['inUpdate', 'reUpdate'], ['updateSum']),
      node('Sigmoid', ['updateSum'], ['update']),
      node('Add', ['inReset', 'reReset'], ['resetSum']),
      node('Sigmoid', ['resetSum'], ['reset']),
      node('Add', ['reCandidate', bias], ['recall']),
      node('Mul', ['reset', 'recall'], ['recalled']),
      node('Add', ['inCandidate', 'recalled'], ['candidateSum']),
      node('Tanh', ['candidateSum'], ['candidate']),
      node('Sub', ['hidden', 'candidate'], ['change']),
      node('Mul', ['update', 'change'], ['kept']),
      node('Add', ['candidate', 'kept'], ['next']),
      node('Identity', ['next'], ['output']),
    ],
  };
}

/** The gradient of a step's hidden state → that of the step before, of the gates, and of the recurrent part. */
function backwardStep(kernelTransposed: Value, H: number): OnnxGraph {
  const inputs = ['later', 'own', 'update', 'reset', 'candidate', 'recall', 'previous'];
  return {
    name: 'gruBackward',
    inputs: inputs.map((name) => ({ name: `${name}At`, dims: ['B', H] })),
    outputs: [
      { name: 'earlier', dims: ['B', H] },
      { name: 'gateGradient', dims: ['B', 3 * H] },
      { name: 'recurrentGradient', dims: ['B', 3 * H] },
      { name: 'recallGradient', dims: ['B', H] },
    ],
    constants: [{ name: 'unit', dims: [1], values: Float32Array.of(1) }],
    nodes: [
      node('Add', ['laterAt', 'ownAt'], ['total']),
      node('Sub', ['unit', 'updateAt'], ['fresh']),
      node('Mul', ['candidateAt', 'candidateAt'], ['candidateSquare']),
      node('Sub', ['unit', 'candidateSquare'], ['candidateSlope']),
      node('Mul', ['total', 'fresh'], ['toCandidate']),
      node('Mul', ['toCandidate', 'candidateSlope'], ['candidateSum']),
      node('Sub', ['previousAt', 'candidateAt'], ['change']),
      node('Mul', ['total', 'change'], ['toUpdate']),
      node('Mul', ['updateAt', 'fresh'], ['updateSlope']),
      node('Mul', ['toUpdate', 'updateSlope'], ['updateSum']),
      node('Mul', ['candidateSum', 'recallAt'], ['toReset']),
      node('Sub', ['unit', 'resetAt'], ['closed']),
      node('Mul', ['resetAt', 'closed'], ['resetSlope']),
      node('Mul', ['toReset', 'resetSlope'], ['resetSum']),
      node('Mul', ['candidateSum', 'resetAt'], ['recallSum']),
      node('Identity', ['recallSum'], ['recallGradient']),
      node('Concat', ['updateSum', 'resetSum', 'candidateSum'], ['gateGradient'], { axis: 1 }),
      node('Concat', ['updateSum', 'resetSum', 'recallSum'], ['recurrentGradient'], { axis: 1 }),
      node('MatMul', ['recurrentGradient', kernelTransposed], ['throughKernel']),
      node('Mul', ['total', 'updateAt'], ['kept']),
      node('Add', ['throughKernel', 'kept'], ['earlier']),
    ],
  };
}

const node = (
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes?: OnnxNode['attributes'],
): OnnxNode => ({ operator, inputs, outputs, ...(attributes && { attributes }) });
