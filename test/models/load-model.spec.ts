import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emotionLabels, loadModel, type Manifest, type ModelErrorCode } from '@undertone/models';
import { expressions } from '@undertone/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../libs/models/src/export/write-model.ts';
import { readModel } from '../../libs/models/src/model/load-model.ts';
import { smallModel } from './small-model.ts';

let folder: string;
const { model, files } = smallModel();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes the small model with some of its files replaced. */
async function written(replaced: Record<string, Uint8Array> = {}): Promise<string> {
  await writeModel(folder, new Map([...files, ...Object.entries(replaced)]));
  return folder;
}

const withManifest = (change: (manifest: Manifest) => unknown): Record<string, Uint8Array> => {
  const manifest = structuredClone(model.manifest);
  change(manifest);
  return { 'manifest.json': Buffer.from(JSON.stringify(manifest)) };
};

describe('a model on disk', () => {
  it('reads back as it was written', async () => {
    const read = await loadModel(await written());
    expect(read.manifest).toEqual(model.manifest);
    expect(read.tensors).toEqual(model.tensors);
    expect(read.onnx).toHaveLength(model.onnx.length);
    expect(read.initialState()).toHaveLength(read.stateSize);
  });

  it.each<[string, ModelErrorCode, Record<string, Uint8Array>]>([
    [
      'weights were changed',
      'hash-mismatch',
      { 'weights.bin': files.get('weights.bin')!.map((byte) => byte ^ 1) },
    ],
    ['graph was cut off', 'hash-mismatch', { 'model.onnx': files.get('model.onnx')!.subarray(0, 100) }],
    ['manifest is no JSON', 'manifest-malformed', { 'manifest.json': Buffer.from('{') }],
    [
      'manifest lacks a part',
      'manifest-malformed',
      withManifest((m) => Reflect.deleteProperty(m, 'temperature')),
    ],
    ['labels are in another order', 'labels-unsupported', withManifest((m) => m.labels.reverse())],
    ['label is unknown', 'manifest-malformed', withManifest((m) => Object.assign(m.labels, ['bliss']))],
    ['label stands twice', 'manifest-malformed', withManifest((m) => Object.assign(m.labels, ['calm']))],
    [
      'features are of other rules',
      'feature-spec-unsupported',
      withManifest((m) => Object.assign(m.features, { rules: 99 })),
    ],
    [
      'features have one that we do not know',
      'feature-spec-unsupported',
      withManifest((m) => Object.assign(m.features, { loudness: true })),
    ],
    [
      'descriptors have a name that we do not know',
      'feature-spec-unsupported',
      withManifest((m) =>
        Object.assign(m.features, { descriptors: { names: ['charm'], mean: [0], deviation: [1] } }),
      ),
    ],
    [
      'descriptors lack statistics',
      'feature-spec-unsupported',
      withManifest((m) =>
        Object.assign(m.features, { descriptors: { names: ['energy'], mean: [], deviation: [] } }),
      ),
    ],
    [
      'window is not ours',
      'feature-spec-unsupported',
      withManifest((m) => Object.assign(m.features.mfcc, { windowSamples: 512 })),
    ],
    [
      'statistics do not fit the coefficients',
      'feature-spec-unsupported',
      withManifest((m) => m.features.normalisation.mean.pop()),
    ],
    ['tensor table is short', 'shape-mismatch', withManifest((m) => m.tensors.pop())],
    [
      'architecture is not that of the weights',
      'shape-mismatch',
      withManifest((m) => Object.assign(m.architecture, { headUnits: 10 })),
    ],
  ])('is refused when its %s', async (_, code, replaced) => {
    await expect(loadModel(await written(replaced))).rejects.toMatchObject({ name: 'ModelError', code });
  });

  it('may tell other classes apart in the laboratory, but not in calls', async () => {
    const own = smallModel(1, {}, ['boredom', 'sad', 'neutral']);
    await writeModel(folder, own.files);
    const read = await readModel(folder);
    expect(read.outputCount).toBe(5);
    expect(read.tensors).toEqual(own.model.tensors);
    await expect(loadModel(folder)).rejects.toMatchObject({
      code: 'labels-unsupported',
      message: expect.stringContaining('boredom, sad, neutral'),
    });
  });

  it('is refused with the path when it is not there', async () => {
    await expect(loadModel(join(folder, 'nothing'))).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining(join(folder, 'nothing')),
    });
  });
});

it('the shipped model is within its budget and was measured on speakers it had not heard', async () => {
  const { manifest } = await loadModel();
  expect(manifest.parameters).toBeLessThanOrEqual(400_000);
  expect(manifest.files.onnx.bytes).toBeLessThanOrEqual(2_000_000);
  expect(manifest.measured?.uar.value).toBeGreaterThanOrEqual(0.45);
  const { training, validation, test } = manifest.training.speakers;
  expect(new Set([...training, ...validation, ...test]).size).toBe(
    training.length + validation.length + test.length,
  );
});

it('labels are those of the wire, in its order', () => {
  expect(emotionLabels).toEqual(expressions);
});
