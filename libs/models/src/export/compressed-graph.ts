import type { CompressedPrecision } from '../model/precision.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-message.ts';
import { float16Weights, int8Weights } from './weight-codes.ts';

const floatType = 1;
/** What is smaller and goes into no layer as its weights (biases, decays) would save nothing. */
const worthCompressing = 1_024;

/**
 * The same graph with the kernels of its layers in fewer bits; biases stay as they are. The first nodes make float32 of
 * them again, from constants alone: ONNX Runtime runs them once, when it loads the graph.
 * @throws Error when large weights go into an operator whose output channels are not known here
 */
export function compressedGraph(graph: OnnxGraph, precision: CompressedPrecision): OnnxGraph {
  const axes = channelAxes(graph);
  const constants: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  for (const constant of graph.constants) {
    const { name, values } = constant;
    const axis = axes.get(name);
    if (values instanceof Float32Array && axis !== undefined) {
      const weights = { ...constant, values };
      const compressed = precision === 'float16' ? asFloat16(weights) : asInt8(weights, axis);
      constants.push(...compressed.constants);
      nodes.push(...compressed.nodes);
    } else if (values.length > worthCompressing) {
      throw new Error(`no rule says how the weights ${name} are compressed: add their operator`);
    } else {
      constants.push(constant);
    }
  }
  return { ...graph, constants, nodes: [...nodes, ...graph.nodes] };
}

type Weights = OnnxTensor & { values: Float32Array };
type Compressed = Pick<OnnxGraph, 'constants' | 'nodes'>;

const toFloat32 = (from: string, to: string): OnnxNode => ({
  operator: 'Cast',
  inputs: [from],
  outputs: [to],
  attributes: { to: floatType },
});

const asFloat16 = ({ name, dims, values }: Weights): Compressed => ({
  constants: [{ name: `${name}.float16`, dims, values: float16Weights(values) }],
  nodes: [toFloat32(`${name}.float16`, name)],
});

/** Not with `DequantizeLinear`, which ONNX Runtime leaves to every run, for the sake of quantised operators that we don't have. */
function asInt8({ name, dims, values }: Weights, axis: number): Compressed {
  const { codes, scales } = int8Weights(values, dims, axis);
  const alongAxis = dims.map((n, i) => (i === axis ? n : 1));
  return {
    constants: [
      { name: `${name}.int8`, dims, values: codes },
      { name: `${name}.scale`, dims: alongAxis, values: scales },
    ],
    nodes: [
      toFloat32(`${name}.int8`, `${name}.code`),
      { operator: 'Mul', inputs: [`${name}.code`, `${name}.scale`], outputs: [name] },
    ],
  };
}

/** The weights by name, with the axis of their output channels. */
function channelAxes({ nodes, constants }: OnnxGraph): Map<string, number> {
  const ranks = new Map(constants.map(({ name, dims }) => [name, dims.length]));
  const axes = new Map<string, number>();
  for (const { operator, inputs } of nodes) {
    const rank = ranks.get(inputs[1]);
    if (rank === undefined) continue;
    // [in, out]; [directions, gates · units, in], twice; [out, in, …]
    if (operator === 'MatMul') axes.set(inputs[1], rank - 1);
    if (operator === 'GRU' || operator === 'LSTM') axes.set(inputs[1], 1).set(inputs[2], 1);
    if (operator === 'Conv') axes.set(inputs[1], 0);
  }
  return axes;
}
