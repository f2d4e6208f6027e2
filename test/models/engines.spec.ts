import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createEngine,
  type EmotionEngine,
  type EmotionModel,
  loadModel,
  ModelError,
  pretrainedFolder,
  type StepBatch,
} from '@undertone/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceForward } from '../../libs/models/src/engine/reference-forward.ts';
import type { GoldenVectors } from '../../libs/models/src/export/golden-vectors.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { runnableEngines } from './runnable-engines.ts';
import { everyFeature, options, smallModel } from './small-model.ts';

const tolerance = 1e-4;

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // A NaN must fail too.
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
}

function randomBatch(model: EmotionModel, steps: number, speakers: number, seed: number): StepBatch {
  const random = new SeededRandom(seed);
  const state = new Float32Array(speakers * model.stateSize);
  for (let n = 0; n < speakers; n++) state.set(model.initialState(), n * model.stateSize);
  return {
    steps,
    speakers,
    features: Float32Array.from({ length: steps * speakers * model.stepFeatureCount }, () => random.normal()),
    state,
    outputs: new Float32Array(steps * speakers * model.outputCount),
  };
}

const wideBlocks = [
  { channels: 8, convolutions: 1, poolSteps: 2 as const, poolBands: 2 as const },
  { channels: 16, convolutions: 2, poolSteps: 2 as const, poolBands: 2 as const },
];
const convolvedFeatures = { ...everyFeature, contextFrames: 0 };

const copyOf = (batch: StepBatch): StepBatch => ({
  ...batch,
  state: batch.state.slice(),
  outputs: batch.outputs.slice(),
});

// A driver that computes on the CPU takes seconds to compile the shaders of a model.
describe.each(await runnableEngines())('the %s engine', { timeout: 120_000 }, (kind) => {
  const { model } = smallModel();
  let engine: EmotionEngine;

  beforeAll(async () => {
    engine = await createEngine(model, kind);
  });
  afterAll(() => engine.close());

  it('says what it runs on', () => {
    expect(engine.name).toMatch(new RegExp(`^${kind.split('-')[0]}-`));
  });

  it.each([
    [1, 1],
    [1, 9],
    [5, 1],
    [12, 4],
  ])('agrees with the double-precision reference: %i steps of %i speakers', async (steps, speakers) => {
    const batch = randomBatch(model, steps, speakers, steps);
    const expected = copyOf(batch);
    referenceForward(model, expected);
    await engine.step(batch);
    expect(greatestDifference(batch.outputs, expected.outputs)).toBeLessThan(tolerance);
    expect(greatestDifference(batch.state, expected.state)).toBeLessThan(tolerance);
  });

  it.each([{ deviationPooling: false }, ...options])('agrees with the reference with %j', async (changes) => {
    const { model: plain } = smallModel(3, changes);
    const batch = randomBatch(plain, 5, 2, 6);
    const expected = copyOf(batch);
    referenceForward(plain, expected);
    const plainEngine = await createEngine(plain, kind);
    await plainEngine.step(batch);
    await plainEngine.close();
    expect(greatestDifference(batch.outputs, expected.outputs)).toBeLessThan(tolerance);
    expect(greatestDifference(batch.state, expected.state)).toBeLessThan(tolerance);
  });

  it('agrees with the reference about other labels', async () => {
    const { model: other } = smallModel(4, {}, ['boredom', 'happy', 'sad']);
    const batch = randomBatch(other, 3, 2, 6);
    const expected = copyOf(batch);
    referenceForward(other, expected);
    const otherEngine = await createEngine(other, kind);
    await otherEngine.step(batch);
    await otherEngine.close();
    expect(batch.outputs).toHaveLength(3 * 2 * 5);
    expect(greatestDifference(batch.outputs, expected.outputs)).toBeLessThan(tolerance);
  });

  it.each([
    ['the shipped weights', () => loadModel()],
    ['convolutions', () => smallModel(5, { blocks: wideBlocks }, undefined, convolvedFeatures).model],
  ])('agrees with the CPU engine in batches of any size, with %s', async (_, load) => {
    const many = await load();
    const [own, cpu] = [await createEngine(many, kind), await createEngine(many, 'onnx')];
    // Sizes at which a provider for GPUs takes another kernel, and some that fill no workgroup.
    for (const speakers of [1, 2, 3, 8, 9, 33, 130]) {
      const batch = randomBatch(many, 1, speakers, speakers);
      const expected = copyOf(batch);
      await own.step(batch);
      await cpu.step(expected);
      expect(greatestDifference(batch.outputs, expected.outputs)).toBeLessThan(tolerance);
      expect(greatestDifference(batch.state, expected.state)).toBeLessThan(tolerance);
    }
    await Promise.all([own.close(), cpu.close()]);
  });

  it('carries the state: steps one by one give what one long run gives', async () => {
    const whole = randomBatch(model, 7, 3, 5);
    const state = whole.state.slice();
    await engine.step(whole);
    const stepFloats = 3 * model.stepFeatureCount;
    const outputFloats = 3 * model.outputCount;
    for (let t = 0; t < 7; t++) {
      const features = whole.features.slice(t * stepFloats, (t + 1) * stepFloats);
      const outputs = new Float32Array(outputFloats);
      await engine.step({ steps: 1, speakers: 3, features, state, outputs });
      const expected = whole.outputs.subarray(t * outputFloats, (t + 1) * outputFloats);
      expect(greatestDifference(outputs, expected)).toBeLessThan(tolerance);
    }
    expect(greatestDifference(state, whole.state)).toBeLessThan(tolerance);
  });

  it('gives each speaker the same answer whoever else is in the batch', async () => {
    const together = randomBatch(model, 1, 4, 8);
    const F = model.stepFeatureCount;
    const alone = { ...randomBatch(model, 1, 1, 0), features: together.features.slice(2 * F, 3 * F) };
    await engine.step(together);
    await engine.step(alone);
    const own = together.outputs.subarray(2 * model.outputCount, 3 * model.outputCount);
    expect(greatestDifference(alone.outputs, own)).toBeLessThan(tolerance);
  });

  it('uses only the beginning of arrays that are longer than needed', async () => {
    const exact = randomBatch(model, 2, 2, 3);
    const roomy: StepBatch = {
      ...exact,
      features: new Float32Array(exact.features.length + 50).fill(Number.NaN),
      state: new Float32Array(exact.state.length + 50).fill(7),
      outputs: new Float32Array(exact.outputs.length + 50).fill(7),
    };
    roomy.features.set(exact.features);
    roomy.state.set(exact.state);
    await engine.step(exact);
    await engine.step(roomy);
    expect(roomy.outputs.subarray(0, exact.outputs.length)).toEqual(exact.outputs);
    expect([...roomy.outputs.subarray(exact.outputs.length)]).toEqual(new Array(50).fill(7));
    expect([...roomy.state.subarray(exact.state.length)]).toEqual(new Array(50).fill(7));
  });

  it('gives probabilities that sum to 1, and valence and arousal within −1…1', async () => {
    const batch = randomBatch(model, 3, 5, 4);
    await engine.step(batch);
    for (let row = 0; row < 15; row++) {
      const output = batch.outputs.subarray(row * model.outputCount, (row + 1) * model.outputCount);
      expect(output.subarray(0, 8).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...output.subarray(0, 8))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...output.subarray(8).map(Math.abs))).toBeLessThanOrEqual(1);
    }
  });

  it('refuses arrays that are too short', async () => {
    const batch = { ...randomBatch(model, 2, 2, 1), outputs: new Float32Array(3) };
    await expect(engine.step(batch)).rejects.toThrow(ModelError);
    await expect(engine.step(batch)).rejects.toMatchObject({ code: 'batch-malformed' });
  });

  it('may be closed twice, and does not run after that', async () => {
    const other = await createEngine(model, kind);
    await other.close();
    await other.close();
    await expect(other.step(randomBatch(model, 1, 1, 1))).rejects.toThrow('closed');
  });

  it('gives the golden outputs with the shipped weights', async () => {
    const shipped = await loadModel();
    const golden = JSON.parse(
      await readFile(join(pretrainedFolder, shipped.manifest.files.golden!.name), 'utf8'),
    ) as GoldenVectors;
    const batch = randomBatch(shipped, golden.steps, golden.speakers, 0);
    batch.features.set(golden.features);
    const shippedEngine = await createEngine(shipped, kind);
    await shippedEngine.step(batch);
    await shippedEngine.close();
    expect(greatestDifference(batch.outputs, golden.outputs)).toBeLessThan(golden.tolerance);
    expect(greatestDifference(batch.state, golden.state)).toBeLessThan(golden.tolerance);
  });
});

describe('an engine that is asked for and can not run', () => {
  const script = join(import.meta.dirname, 'engine-name.ts');
  const start = (kind: string, changes: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, ['--conditions=source', script, kind], {
      env: { ...process.env, ...changes },
    });

  // Elsewhere the driver is part of the system and can't be hidden.
  it.runIf(process.platform === 'linux')('is refused with what to do where WebGPU finds no GPU', async () => {
    const started = start('webgpu', { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' });
    await expect(started).rejects.toMatchObject({
      stdout: expect.stringMatching(/^engine-unavailable .*choose the onnx engine/),
    });
  });

  it('is refused with what to do where TensorFlow finds no GPU', async () => {
    // What CUDA takes for no GPU.
    await expect(start('tfjs-gpu', { CUDA_VISIBLE_DEVICES: '-1' })).rejects.toMatchObject({
      stdout: expect.stringMatching(/^engine-unavailable .*npm run setup -- --gpu/),
    });
  });
});
