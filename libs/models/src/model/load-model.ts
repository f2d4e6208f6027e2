import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { stepLayout } from '../features/step-layout.ts';
import { elementCount } from '../network/tensor-shape.ts';
import { createNetwork } from './architecture.ts';
import { emotionLabels } from './emotion-label.ts';
import { EmotionModel } from './emotion-model.ts';
import { isStreaming, type Manifest, type ModelFile, manifestSchema } from './manifest.ts';
import { ModelError } from './model-error.ts';
import { OfflineModel } from './offline-model.ts';
import type { Precision } from './precision.ts';

/** The model that ships with Undertone. */
export const pretrainedFolder = fileURLToPath(new URL('../../pretrained', import.meta.url));

/**
 * Reads a model that can judge calls: it must work step by step, and its labels must be those on the wire.
 * @throws ModelError `model-offline`, `labels-unsupported`, or what `readModel` throws
 */
export async function loadModel(
  folder: string = pretrainedFolder,
  precision: Precision = 'float32',
): Promise<EmotionModel> {
  const model = await readStreamingModel(folder, precision);
  if (model.labels.join() === emotionLabels.join()) return model;
  throw new ModelError(
    'labels-unsupported',
    `${folder} tells apart ${model.labels.join(', ')}; calls need a model trained with the labels ${emotionLabels.join(', ')}`,
  );
}

/**
 * Reads a model that works step by step, whatever its labels.
 * @throws ModelError `model-offline`, or what `readModel` throws
 */
export async function readStreamingModel(folder: string, precision?: Precision): Promise<EmotionModel> {
  const model = await readModel(folder, precision);
  if (model instanceof EmotionModel) return model;
  throw new ModelError(
    'model-offline',
    `${folder} holds a model of the kind ${model.manifest.architecture.kind}, which judges whole recordings; calls need the kind gru-attention, e.g. npm run train -- --config streaming`,
  );
}

/**
 * Reads any model's folder (manifest.json, weights.bin and the ONNX graph of `precision`) and checks it against its own
 * manifest.
 * @throws ModelError `model-missing`, `manifest-malformed`, `feature-spec-unsupported`, `precision-unavailable`,
 * `hash-mismatch` or `shape-mismatch`
 */
export async function readModel(
  folder: string,
  precision: Precision = 'float32',
): Promise<EmotionModel | OfflineModel> {
  const manifest = parseManifest(await read(folder, 'manifest.json'), folder);
  const weights = await readVerified(folder, manifest.files.weights);
  const onnx = await readVerified(folder, graphFile(manifest, precision, folder));
  const tensors = sliceTensors(manifest, weights);
  return isStreaming(manifest)
    ? new EmotionModel(manifest, tensors, onnx, precision)
    : new OfflineModel(manifest, tensors, onnx);
}

function graphFile({ files }: Manifest, precision: Precision, folder: string): ModelFile {
  const file = precision === 'float32' ? files.onnx : files[precision]?.onnx;
  if (file !== undefined) return file;
  throw new ModelError(
    'precision-unavailable',
    `the model in ${folder} has no ${precision} weights: make them with npm run compress -- --model ${folder}`,
  );
}

function parseManifest(bytes: Uint8Array, folder: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ModelError('manifest-malformed', `${join(folder, 'manifest.json')} is not JSON`, { cause });
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const code = parsed.error.issues.every(({ path }) => path[0] === 'features')
    ? 'feature-spec-unsupported'
    : 'manifest-malformed';
  throw new ModelError(
    code,
    `${join(folder, 'manifest.json')} does not fit this version of Undertone; retrain or update:\n${z.prettifyError(parsed.error)}`,
  );
}

async function read(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw new ModelError(
      'model-missing',
      `cannot read ${join(folder, name)}: give the folder of a trained model`,
      {
        cause,
      },
    );
  }
}

async function readVerified(folder: string, file: ModelFile): Promise<Uint8Array> {
  const bytes = await read(folder, file.name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (bytes.byteLength !== file.bytes || sha256 !== file.sha256) {
    throw new ModelError(
      'hash-mismatch',
      `${join(folder, file.name)} is not the file that manifest.json describes (${bytes.byteLength} of ${file.bytes} bytes, sha256 ${sha256}): copy the model again`,
    );
  }
  return bytes;
}

/** @throws ModelError `shape-mismatch` when the architecture can't work on these features */
function networkOf(
  architecture: Manifest['architecture'],
  features: Manifest['features'],
  labelCount: number,
) {
  try {
    return createNetwork(architecture, stepLayout(features), labelCount);
  } catch (cause) {
    throw new ModelError('shape-mismatch', (cause as Error).message, { cause });
  }
}

function sliceTensors(manifest: Manifest, bytes: Uint8Array): Map<string, Float32Array> {
  const { architecture, features, labels } = manifest;
  const expected = networkOf(architecture, features, labels.length).tensors;
  const described = manifest.tensors;
  const tensors = new Map<string, Float32Array>();
  let offset = 0;
  for (const [i, { name, shape }] of expected.entries()) {
    const found = described[i];
    if (found?.name !== name || found.shape.join() !== shape.join() || found.offset !== offset) {
      throw new ModelError(
        'shape-mismatch',
        `tensor ${i} should be ${name} [${shape}] at ${offset}, the manifest has ${found ? `${found.name} [${found.shape}] at ${found.offset}` : 'none'}`,
      );
    }
    const size = elementCount(shape);
    if (4 * (offset + size) > bytes.byteLength) {
      throw new ModelError('shape-mismatch', `weights.bin ends before the end of ${name}`);
    }
    // Copied, since a file's bytes need not lie on a 4-byte boundary.
    tensors.set(
      name,
      new Float32Array(Uint8Array.from(bytes.subarray(4 * offset, 4 * (offset + size))).buffer),
    );
    offset += size;
  }
  if (described.length !== expected.length || 4 * offset !== bytes.byteLength) {
    throw new ModelError(
      'shape-mismatch',
      `weights.bin holds ${bytes.byteLength} bytes, the architecture needs ${4 * offset}`,
    );
  }
  return tensors;
}
