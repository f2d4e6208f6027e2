import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepFeatureCount } from '../features/feature-spec.ts';
import { elementCount, parameterCount, tensorShapes } from '../model/architecture.ts';
import { EmotionModel } from '../model/emotion-model.ts';
import type { Manifest, ModelFile } from '../model/manifest.ts';
import { goldenVectors } from './golden-vectors.ts';
import { onnxGraph } from './onnx-graph.ts';
import { encodeOnnxModel } from './onnx-message.ts';

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
  const onnx = encodeOnnxModel(
    onnxGraph(architecture, F, labels.length, tensors, temperature),
    description.name,
  );
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
  const golden = asJson(goldenVectors(new EmotionModel(unsigned, tensors, onnx)));
  const manifest = { ...unsigned, files: { ...unsigned.files, golden: described('golden.json', golden) } };
  return {
    model: new EmotionModel(manifest, tensors, onnx),
    files: new Map([
      ['manifest.json', asJson(manifest)],
      ['weights.bin', weightBytes],
      ['model.onnx', onnx],
      ['golden.json', golden],
    ]),
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
