import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepLayout } from '../features/step-layout.ts';
import { createNetwork, parameterCount } from '../model/architecture.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import type { CompressedFiles, Manifest, ModelFile, StreamingManifest } from '../model/manifest.ts';
import { OfflineModel } from '../model/offline-model.ts';
import { type CompressedPrecision, compressedPrecisions } from '../model/precision.ts';
import { GruAttention, type GruAttentionArchitecture } from '../network/gru-attention.ts';
import type { Network } from '../network/network.ts';
import { elementCount } from '../network/tensor-shape.ts';
import { compressedGraph } from './compressed-graph.ts';
import { type GoldenVectors, goldenVectors } from './golden-vectors.ts';
import { offlineGraph } from './offline-graph.ts';
import { onnxGraph } from './onnx-graph.ts';
import { encodeOnnxModel, type OnnxGraph } from './onnx-message.ts';
import { roundedTensors } from './weight-codes.ts';

/** What training knows of a model; the rest of the manifest follows from its weights and files. */
export type ModelDescription = Omit<Manifest, 'format' | 'parameters' | 'tensors' | 'files'>;

/** A model's files by name, manifest.json included, as they go into its folder. */
export type ModelFiles = Map<string, Uint8Array>;

type Tensors = ReadonlyMap<string, Float32Array>;

/** Builds the complete model in memory: what `readModel` would read back after `writeModel`. */
export function buildTrained(
  description: ModelDescription,
  tensors: Tensors,
): { model: EmotionModel | OfflineModel; files: ModelFiles } {
  const { architecture } = description;
  return architecture.kind === 'gru-attention'
    ? buildModel({ ...description, architecture }, tensors)
    : buildOffline(description, tensors);
}

/** The same of a model that can be run in calls, with its golden vectors and its weights in fewer bits. */
export function buildModel(
  description: ModelDescription & { architecture: GruAttentionArchitecture },
  tensors: Tensors,
): { model: EmotionModel; files: ModelFiles } {
  const { architecture, features, labels, temperature, name } = description;
  const network = new GruAttention(architecture, stepLayout(features), labels.length);
  const graph = onnxGraph(network, tensors, temperature);
  const onnx = encodeOnnxModel(graph, name);
  const { files, rest } = describedWeights(network, tensors, onnx);
  const unsigned: StreamingManifest = { format: 'undertone-model/1', ...description, ...rest };
  const golden = goldenVectors(new EmotionModel(unsigned, tensors, onnx));
  files.set('golden.json', asJson(golden));
  const manifest = structuredClone(unsigned);
  manifest.files.golden = described('golden.json', files.get('golden.json')!);
  for (const precision of compressedPrecisions) {
    const rounded = roundedTensors(tensors, network.tensors, precision);
    manifest.files[precision] = addCompressed(files, precision, unsigned, graph, rounded, golden);
  }
  files.set('manifest.json', asJson(manifest));
  return { model: new EmotionModel(manifest, tensors, onnx), files };
}

function buildOffline(description: ModelDescription, tensors: Tensors) {
  const { architecture, features, labels, temperature, name } = description;
  const network = createNetwork(architecture, stepLayout(features), labels.length);
  const onnx = encodeOnnxModel(offlineGraph(network, tensors, temperature), name);
  const { files, rest } = describedWeights(network, tensors, onnx);
  const manifest: Manifest = { format: 'undertone-model/1', ...description, ...rest };
  files.set('manifest.json', asJson(manifest));
  return { model: new OfflineModel(manifest, tensors, onnx), files };
}

/** The weights and the graph as files, and what the manifest says of them in `rest`. */
function describedWeights(network: Network, weights: Tensors, onnx: Uint8Array) {
  let floats = 0;
  const tensors = network.tensors.map(({ name, shape }) => {
    const entry = { name, shape, offset: floats };
    floats += elementCount(shape);
    return entry;
  });
  const values = new Float32Array(floats);
  for (const { name, offset } of tensors) values.set(weights.get(name)!, offset);
  const bytes = new Uint8Array(values.buffer);
  const files: ModelFiles = new Map([
    ['weights.bin', bytes],
    ['model.onnx', onnx],
  ]);
  const signed = { weights: described('weights.bin', bytes), onnx: described('model.onnx', onnx) };
  return { files, rest: { parameters: parameterCount(network), tensors, files: signed } };
}

/** Adds the graph of `precision` and its golden vectors to `files`. */
function addCompressed(
  files: ModelFiles,
  precision: CompressedPrecision,
  manifest: StreamingManifest,
  graph: OnnxGraph,
  rounded: Tensors,
  exact: GoldenVectors,
): CompressedFiles {
  const onnx = encodeOnnxModel(compressedGraph(graph, precision), manifest.name);
  const golden = goldenVectors(new EmotionModel(manifest, rounded, onnx, precision));
  const differences = golden.outputs.map((value, i) => Math.abs(value - exact.outputs[i]));
  const add = (name: string, bytes: Uint8Array): ModelFile => {
    files.set(name, bytes);
    return described(name, bytes);
  };
  return {
    onnx: add(`model.${precision}.onnx`, onnx),
    golden: add(`golden.${precision}.json`, asJson(golden)),
    outputDifference: Math.max(...differences),
  };
}

/** Writes the files of a model into `folder`, which is created. */
export async function writeModel(folder: string, files: ModelFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

const described = (name: string, bytes: Uint8Array): ModelFile => ({
  name,
  bytes: bytes.byteLength,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Numbers of an array on one line, so that the file stays readable. */
function asJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value, null, 2).replaceAll(
    /\[\s+(-?\d[^[\]{}"]*?)\s+\]/g,
    (_, numbers: string) => `[${numbers.replaceAll(/\s+/g, ' ')}]`,
  );
  return new TextEncoder().encode(`${text}\n`);
}
