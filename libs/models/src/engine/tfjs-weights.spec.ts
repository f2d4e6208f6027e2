import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadModel, pretrainedFolder } from '../model/load-model.ts';
import { selectTfjsBackend } from './tfjs-backend.ts';

it('TensorFlow.js reads weights.bin by the names and shapes in the manifest', async () => {
  await selectTfjsBackend();
  const { manifest, tensors } = await loadModel();
  const bytes = Uint8Array.from(await readFile(join(pretrainedFolder, manifest.files.weights.name)));
  const specs = manifest.tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const }));
  const read = io.decodeWeights(bytes.buffer, specs);
  expect(Object.keys(read)).toEqual([...tensors.keys()]);
  for (const { name, shape } of manifest.tensors) {
    expect(read[name].shape).toEqual(shape);
    expect(await read[name].data()).toEqual(tensors.get(name));
  }
});
