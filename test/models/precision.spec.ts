import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createEngine,
  EmotionModel,
  engineKinds,
  loadModel,
  type Manifest,
  pretrainedFolder,
} from '@undertone/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referenceForward } from '../../libs/models/src/engine/reference-forward.ts';
import { compressedGraph } from '../../libs/models/src/export/compressed-graph.ts';
import type { GoldenVectors } from '../../libs/models/src/export/golden-vectors.ts';
import { roundedTensors } from '../../libs/models/src/export/weight-codes.ts';
import { writeModel } from '../../libs/models/src/export/write-model.ts';
import { compressedPrecisions } from '../../libs/models/src/model/precision.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { options, smallModel } from './small-model.ts';

const greatestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'precision-'));
});
afterEach(() => rm(folder, { recursive: true }));

function randomBatch(model: EmotionModel, steps: number, speakers: number) {
  const random = new SeededRandom(11);
  const state = new Float32Array(speakers * model.stateSize);
  for (let n = 0; n < speakers; n++) state.set(model.initialState(), n * model.stateSize);
  const features = Float32Array.from({ length: steps * speakers * model.stepFeatureCount }, () =>
    random.normal(),
  );
  return {
    steps,
    speakers,
    features,
    state,
    outputs: new Float32Array(steps * speakers * model.outputCount),
  };
}

describe.each(compressedPrecisions)('%s', (precision) => {
  it.each([{}, ...options])(
    'runs in the engine what the double-precision reference makes of the rounded weights, with %j',
    async (changes) => {
      const { model, files } = smallModel(1, changes);
      await writeModel(folder, files);
      const compressed = await loadModel(folder, precision);
      expect(compressed.precision).toBe(precision);
      const engine = await createEngine(compressed, 'onnx');
      const batch = randomBatch(model, 9, 3);
      const expected = { ...batch, state: batch.state.slice(), outputs: batch.outputs.slice() };
      const rounded = roundedTensors(model.tensors, model.network.tensors, precision);
      referenceForward(new EmotionModel(model.manifest, rounded, model.onnx), expected);
      await engine.step(batch);
      await engine.close();
      expect(greatestDifference(batch.outputs, expected.outputs)).toBeLessThan(1e-4);
      expect(greatestDifference(batch.state, expected.state)).toBeLessThan(1e-4);
    },
  );

  it('gives a speaker the same answer whoever else is in the batch', async () => {
    const model = await loadModel(pretrainedFolder, precision);
    const engine = await createEngine(model, 'onnx');
    const together = randomBatch(model, 1, 5);
    // Far louder than the others: a scale for the whole batch would drown them.
    together.features.subarray(0, model.stepFeatureCount).fill(50);
    const F = model.stepFeatureCount;
    const alone = { ...randomBatch(model, 1, 1), features: together.features.slice(3 * F, 4 * F) };
    await engine.step(together);
    await engine.step(alone);
    await engine.close();
    const own = together.outputs.subarray(3 * model.outputCount, 4 * model.outputCount);
    expect(greatestDifference(alone.outputs, own)).toBeLessThan(1e-5);
  });

  it('gives its own golden outputs with the shipped weights, as near to float32 as the manifest says', async () => {
    const shipped = await loadModel(pretrainedFolder, precision);
    const { files } = shipped.manifest;
    const read = async (name: string): Promise<GoldenVectors> =>
      JSON.parse(await readFile(join(pretrainedFolder, name), 'utf8'));
    const golden = await read(files[precision]!.golden.name);
    const exact = await read(files.golden!.name);
    const batch = randomBatch(shipped, golden.steps, golden.speakers);
    batch.features.set(golden.features);
    const engine = await createEngine(shipped, 'onnx');
    await engine.step(batch);
    await engine.close();
    expect(greatestDifference(batch.outputs, golden.outputs)).toBeLessThan(golden.tolerance);
    expect(greatestDifference(batch.state, golden.state)).toBeLessThan(golden.tolerance);
    const { outputDifference } = files[precision]!;
    expect(greatestDifference(batch.outputs, exact.outputs)).toBeLessThan(
      outputDifference + golden.tolerance,
    );
    expect(outputDifference).toBeLessThan({ float16: 1e-3, int8: 2e-2 }[precision]);
    expect(files[precision]!.onnx.bytes).toBeLessThan(
      { float16: 0.55, int8: 0.3 }[precision] * files.onnx.bytes,
    );
  });

  it('is refused when the model has none, or not the one that the manifest describes', async () => {
    const { model, files } = smallModel();
    const graph = `model.${precision}.onnx`;
    await writeModel(folder, new Map([...files, [graph, files.get(graph)!.map((byte) => byte ^ 1)]]));
    await expect(loadModel(folder, precision)).rejects.toMatchObject({ code: 'hash-mismatch' });
    await expect(loadModel(folder)).resolves.toMatchObject({ precision: 'float32' });
    const manifest: Manifest = structuredClone(model.manifest);
    delete manifest.files[precision];
    await writeModel(folder, new Map([...files, ['manifest.json', Buffer.from(JSON.stringify(manifest))]]));
    await expect(loadModel(folder, precision)).rejects.toMatchObject({
      code: 'precision-unavailable',
      message: expect.stringContaining(`npm run compress -- --model ${folder}`),
    });
  });

  it.each(engineKinds.filter((kind) => kind !== 'onnx'))(
    'is refused by the %s engine, which runs float32 only',
    async (kind) => {
      await writeModel(folder, smallModel().files);
      const model = await loadModel(folder, precision);
      await expect(createEngine(model, kind)).rejects.toMatchObject({ code: 'precision-unavailable' });
    },
  );
});

it('refuses large weights of an operator that it does not know', () => {
  const graph = {
    name: 'other',
    inputs: [],
    outputs: [],
    constants: [{ name: 'w', dims: [64, 64], values: new Float32Array(4_096) }],
    nodes: [{ operator: 'Einsum', inputs: ['x', 'w'], outputs: ['y'] }],
  };
  expect(() => compressedGraph(graph, 'int8')).toThrow('the weights w');
});

it('npm run compress makes them for a model that was trained before there were any', async () => {
  const { model, files } = smallModel();
  const { float16: _, int8: __, ...before } = model.manifest.files;
  const old = Buffer.from(JSON.stringify({ ...model.manifest, files: before }));
  await writeModel(folder, new Map([...files, ['manifest.json', old]]));
  const script = 'libs/models/src/cli/compress.ts';
  const compress = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['--conditions=source', script, ...args]);
  const { stdout } = await compress('--model', folder);
  expect(stdout).toMatch(/float32 +\d+ bytes\nfloat16 +\d+ bytes; .*\nint8 +\d+ bytes; /);
  const { manifest } = await loadModel(folder, 'int8');
  expect(manifest).toEqual(model.manifest);
  await expect(compress('--model', join(folder, 'none'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('give the folder of a trained model'),
  });
});
