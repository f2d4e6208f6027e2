import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepFeatureCount } from '../features/feature-spec.ts';
import { elementCount, parameterCount, tensorShapes } from '../model/architecture.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import type { CompressedFiles, Manifest, ModelFile } from '../model/manifest.ts';
import { type CompressedPrecision, compressedPrecisions } from '../model/precision.ts';
import { compressedGraph } from './compressed-graph.ts';
import { type GoldenVectors, goldenVectors } from './golden-vectors.ts';
import { onnxGraph } from './onnx-graph.ts';
import { encodeOnnxModel, type OnnxGraph } from './onnx-message.ts';
import { roundedTensors } from './weight-codes.ts';

/** What training knows of a model; the rest of the manifest follows from its weights and files. */
export type ModelDescription = Omit<Manifest, 'format' | 'parameters' | 'tensors' | 'files'>;

/** A model's files by name, manifest.json included, as they go into its folder. */
export type ModelFiles = Map<string, Uint8Array>;

/** Builds the complete model in memory: what `loadModel` would read back after `writeModel`. */
export function buildModel(
  description: ModelDescription,
  tensors: ReadonlyMap<string, Float32Array>,
): { model: EmotionModel; files: ModelFiles } {
  const { architecture, features, labels, temperature } = description;
  const F = stepFeatureCount(features);
  const shapes = tensorShapes(architecture, F, labels.length);
  let floats = 0;
  const table = shapes.map(({ name, shape }) => {
    const entry = { name, shape, offset: floats };
    floats += elementCount(shape);
    return entry;
  });
  const weights = new Float32Array(floats);
  for (const { name, offset } of table) weights.set(tensors.get(name)!, offset);
  const weightBytes = new Uint8Array(weights.buffer);
  const graph = onnxGraph(architecture, F, labels.length, tensors, temperature);
  const onnx = encodeOnnxModel(graph, description.name);
  const unsigned: Manifest = {
    format: 'undertone-model/1',
    ...description,
    parameters: parameterCount(architecture, F, labels.length),
    tensors: table,
    files: {
      weights: described('weights.bin', weightBytes),
      onnx: described('model.onnx', onnx),
      golden: described('golden.json', new Uint8Array(1)),
    },
  };
  const golden = goldenVectors(new EmotionModel(unsigned, tensors, onnx));
  const files: ModelFiles = new Map([
    ['weights.bin', weightBytes],
    ['model.onnx', onnx],
    ['golden.json', asJson(golden)],
  ]);
  const manifest = structuredClone(unsigned);
  manifest.files.golden = described('golden.json', files.get('golden.json')!);
  for (const precision of compressedPrecisions) {
    const rounded = roundedTensors(tensors, shapes, precision);
    manifest.files[precision] = addCompressed(files, precision, unsigned, graph, rounded, golden);
  }
  files.set('manifest.json', asJson(manifest));
  return { model: new EmotionModel(manifest, tensors, onnx), files };
}

/** Adds the graph of `precision` and its golden vectors to `files`. */
function addCompressed(
  files: ModelFiles,
  precision: CompressedPrecision,
  manifest: Manifest,
  graph: OnnxGraph,
  rounded: ReadonlyMap<string, Float32Array>,
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
