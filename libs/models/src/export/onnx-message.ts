import { PbfWriter } from 'pbf';

/*
 * The part of the ONNX format that our graphs need, written straight as Protocol Buffers.
 * Field numbers: github.com/onnx/onnx, onnx/onnx.proto (IR version 8, operator set 17).
 */
const irVersion = 8;
const operatorSet = 17;
const floatType = 1;
const int8Type = 3;
const int64Type = 7;
const float16Type = 10;

/** A constant of the graph; the kind of array says which type it has. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  values: Float32Array | BigInt64Array | Float16Array | Int8Array;
}

/** A float32 input or output; a name as dimension means that it varies. */
interface OnnxValue {
  name: string;
  dims: (number | string)[];
}

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number | number[] | OnnxGraph>;
}

export interface OnnxGraph {
  name: string;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  constants: OnnxTensor[];
  nodes: OnnxNode[];
}

/** The bytes of a .onnx file. */
export function encodeOnnxModel(graph: OnnxGraph, version: string): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, 'undertone');
  pbf.writeStringField(3, version);
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, writeOperatorSet, operatorSet);
  return pbf.finish();
}

function writeOperatorSet(version: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, '');
  pbf.writeVarintField(2, version);
}

function writeGraph(graph: OnnxGraph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name);
  for (const constant of graph.constants) pbf.writeMessage(5, writeTensor, constant);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValue, output);
}

function writeNode(node: OnnxNode, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, `${node.operator}:${node.outputs[0]}`);
  pbf.writeStringField(4, node.operator);
  for (const attribute of Object.entries(node.attributes ?? {})) {
    pbf.writeMessage(5, writeAttribute, attribute);
  }
}

function writeAttribute([name, value]: [string, number | number[] | OnnxGraph], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (Array.isArray(value)) {
    for (const element of value) pbf.writeVarintField(8, element);
    pbf.writeVarintField(20, 7);
  } else {
    pbf.writeMessage(6, writeGraph, value);
    pbf.writeVarintField(20, 5);
  }
}

function writeTensor({ name, dims, values }: OnnxTensor, pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, typeOf(values));
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function typeOf(values: OnnxTensor['values']): number {
  if (values instanceof Float32Array) return floatType;
  if (values instanceof Float16Array) return float16Type;
  return values instanceof Int8Array ? int8Type : int64Type;
}

function writeValue({ name, dims }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeType, dims);
}

function writeType(dims: (number | string)[], pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, dims);
}

function writeTensorType(dims: (number | string)[], pbf: PbfWriter): void {
  pbf.writeVarintField(1, floatType);
  pbf.writeMessage(2, writeShape, dims);
}

function writeShape(dims: (number | string)[], pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeMessage(1, writeDimension, dim);
}

function writeDimension(dim: number | string, pbf: PbfWriter): void {
  if (typeof dim === 'number') pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}
