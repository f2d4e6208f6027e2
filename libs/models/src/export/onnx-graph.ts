import { dimensionCount } from '../model/emotion-label.ts';
import { StateLayout } from '../model/state-layout.ts';
import { varianceFloor } from '../network/attention-pooling.ts';
import type { GruAttention } from '../network/gru-attention.ts';
import { outputCountOf } from '../network/tensor-shape.ts';
import { attentionScanBody } from './attention-scan-body.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-message.ts';

/**
 * The model as an ONNX graph: `features` [T, N, F], `state` [N, S] → `outputs` [T, N, C+2], `nextState` [N, S].
 * The recurrence is ONNX Runtime's fused `GRU`; the attention sums run through the steps in a `Scan`.
 */
export function onnxGraph(
  network: GruAttention,
  tensors: ReadonlyMap<string, Float32Array>,
  temperature: number,
): OnnxGraph {
  const { architecture } = network;
  const outputCount = outputCountOf(network);
  const layout = new StateLayout(architecture);
  const { recurrentUnits: H, heads: K, summedUnits: W, size: S } = layout;
  const D = architecture.frontUnits;
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const node = (operator: string, inputs: string[], outputs: string[], attributes = {}) =>
    nodes.push({ operator, inputs, outputs, attributes });
  const floats = (name: string, dims: number[], values: Float32Array) =>
    constants.push({ name, dims, values });
  const ints = (name: string, values: number[]) =>
    constants.push({ name, dims: [values.length], values: BigInt64Array.from(values, BigInt) });
  const dense = (input: string, layer: string, output: string) => {
    node('MatMul', [input, `${layer}.kernel`], [`${output}Product`]);
    node('Add', [`${output}Product`, `${layer}.bias`], [output]);
  };

  for (const { name, shape } of network.tensors) {
    if (!name.startsWith('gru.')) floats(name, shape, tensors.get(name)!);
  }
  const gru = (name: string) => tensors.get(`gru.${name}`)!;
  floats('gruW', [1, 3 * H, D], transposed(gru('kernel'), D, 3 * H));
  floats('gruR', [1, 3 * H, H], transposed(gru('recurrentKernel'), H, 3 * H));
  const bias = new Float32Array(6 * H);
  bias.set(gru('bias'), 0);
  bias.set(gru('candidateBias'), 5 * H);
  floats('gruB', [1, 6 * H], bias);
  floats('logDecays', [K], Float32Array.from(architecture.decays, Math.log));
  floats('temperature', [1], Float32Array.of(temperature));
  ints('axis0', [0]);
  ints('axis1', [1]);
  ints('stateParts', [H, K, K, K * W]);
  ints('outputParts', [outputCount - dimensionCount, dimensionCount]);
  ints('sumShape', [0, K, W]);
  ints('flatSumShape', [0, K * W]);
  ints('pooledShape', [0, 0, K * W]);

  dense('features', 'front', 'frontSum');
  node('Relu', ['frontSum'], ['front']);
  node('Split', ['state', 'stateParts'], ['hidden', 'maximum', 'weight', 'flatSum'], { axis: 1 });
  node('Unsqueeze', ['hidden', 'axis0'], ['initialHidden']);
  node('Reshape', ['flatSum', 'sumShape'], ['sum']);
  node('GRU', ['front', 'gruW', 'gruR', 'gruB', '', 'initialHidden'], ['gruSteps', 'gruLast'], {
    hidden_size: H,
    linear_before_reset: 1,
  });
  node('Squeeze', ['gruSteps', 'axis1'], ['hiddenSteps']);
  dense('hiddenSteps', 'attention', 'scoreSum');
  node('Tanh', ['scoreSum'], ['scoreHidden']);
  node('MatMul', ['scoreHidden', 'attention.score'], ['scores']);
  if (W !== H) {
    node('Mul', ['hiddenSteps', 'hiddenSteps'], ['squareSteps']);
    node('Concat', ['hiddenSteps', 'squareSteps'], ['summedSteps'], { axis: 2 });
  }
  node(
    'Scan',
    ['maximum', 'weight', 'sum', 'scores', W === H ? 'hiddenSteps' : 'summedSteps'],
    ['nextMaximum', 'nextWeight', 'nextSum', W === H ? 'pooledSteps' : 'meanSteps'],
    { num_scan_inputs: 2, body: attentionScanBody(W, K) },
  );
  if (W !== H) {
    floats('varianceFloor', [1], Float32Array.of(varianceFloor));
    ints('meanParts', [H, H]);
    node('Split', ['meanSteps', 'meanParts'], ['mean', 'meanSquare'], { axis: 3 });
    node('Mul', ['mean', 'mean'], ['squaredMean']);
    node('Sub', ['meanSquare', 'squaredMean'], ['rawVariance']);
    node('Relu', ['rawVariance'], ['variance']);
    node('Add', ['variance', 'varianceFloor'], ['flooredVariance']);
    node('Sqrt', ['flooredVariance'], ['deviation']);
    node('Concat', ['mean', 'deviation'], ['pooledSteps'], { axis: 3 });
  }
  node('Reshape', ['pooledSteps', 'pooledShape'], ['pooled']);
  dense('pooled', 'head', 'headSum');
  node('Relu', ['headSum'], ['head']);
  dense('head', 'output', 'raw');
  node('Split', ['raw', 'outputParts'], ['logits', 'rawDimensions'], { axis: 2 });
  node('Div', ['logits', 'temperature'], ['cooled']);
  node('Softmax', ['cooled'], ['probabilities'], { axis: 2 });
  node('Tanh', ['rawDimensions'], ['dimensions']);
  node('Concat', ['probabilities', 'dimensions'], ['outputs'], { axis: 2 });
  node('Squeeze', ['gruLast', 'axis0'], ['nextHidden']);
  node('Reshape', ['nextSum', 'flatSumShape'], ['nextFlatSum']);
  node('Concat', ['nextHidden', 'nextMaximum', 'nextWeight', 'nextFlatSum'], ['nextState'], { axis: 1 });

  return {
    name: 'undertone',
    inputs: [
      { name: 'features', dims: ['T', 'N', network.tensors[0].shape[0]] },
      { name: 'state', dims: ['N', S] },
    ],
    outputs: [
      { name: 'outputs', dims: ['T', 'N', outputCount] },
      { name: 'nextState', dims: ['N', S] },
    ],
    constants,
    nodes,
  };
}

/** [rows, columns] → [columns, rows] */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}
