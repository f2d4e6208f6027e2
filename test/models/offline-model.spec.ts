import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '@undertone/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clip } from '../../libs/models/src/corpus/clip.ts';
import { createClipJudge } from '../../libs/models/src/evaluation/clip-judge.ts';
import { OfflineJudge } from '../../libs/models/src/evaluation/offline-judge.ts';
import { buildTrained, writeModel } from '../../libs/models/src/export/write-model.ts';
import { stepLayout } from '../../libs/models/src/features/step-layout.ts';
import { createNetwork } from '../../libs/models/src/model/architecture.ts';
import { readModel } from '../../libs/models/src/model/load-model.ts';
import { OfflineModel } from '../../libs/models/src/model/offline-model.ts';
import { noPreprocessing } from '../../libs/models/src/preprocessing/preprocessing.ts';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { initialWeights } from '../../libs/models/src/training/initial-weights.ts';
import { OnnxGradients } from '../../libs/models/src/training/onnx-gradients.ts';
import { trainingConfigs } from '../../libs/models/src/training/training-configs.ts';
import { smallModel } from './small-model.ts';

const recording = 'test/fixtures/speech/08a02Wc.wav';
const labels = ['sad', 'boredom', 'happy'] as const;

describe.each(['cnn', 'cnn-lstm', 'lstm', 'gru'])('an offline model of the kind %s', (name) => {
  let folder: string;
  let judge: OfflineJudge;
  const { architecture } = trainingConfigs.find((config) => config.name === name)!;
  const { manifest } = smallModel().model;
  const bands = 40;
  const features = {
    ...manifest.features,
    spectrum: 'log-mel' as const,
    framesPerStep: name.startsWith('cnn') ? 1 : 4,
    normalisation: {
      ...manifest.features.normalisation,
      mean: new Array(bands).fill(-9),
      deviation: new Array(bands).fill(4),
    },
  };
  const network = createNetwork(architecture, stepLayout(features), labels.length);
  const tensors = initialWeights(network, 3);
  const { model, files } = buildTrained(
    { ...manifest, labels: [...labels], architecture, features },
    tensors,
  );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'offline-'));
    await writeModel(folder, files);
    judge = await OfflineJudge.create(model as OfflineModel);
  });
  afterAll(async () => {
    await judge.close();
    await rm(folder, { recursive: true });
  });

  it('reads back in the laboratory, and is refused where calls are judged', async () => {
    const read = await readModel(folder);
    expect(read).toBeInstanceOf(OfflineModel);
    expect(read.tensors).toEqual(tensors);
    expect(read.manifest.parameters).toBeLessThan(500_000);
    await expect(loadModel(folder)).rejects.toMatchObject({
      code: 'model-offline',
      message: expect.stringContaining(`of the kind ${architecture.kind}, which judges whole recordings`),
    });
  });

  it('says in its exported graph what the trained network says', async () => {
    const random = new SeededRandom(6);
    const F = model.stepFeatureCount;
    const T = 24;
    const steps = Float32Array.from({ length: T * F }, () => random.normal());
    const trained = await OnnxGradients.create(network, 1, { dimensions: 1, focalGamma: 0 });
    const raw = await trained.outputs(tensors, {
      steps: T,
      clips: 1,
      moments: 1,
      features: steps,
      momentSteps: Int32Array.of(T - 1),
      targets: new Float32Array(labels.length),
      dimensionTargets: new Float32Array(2),
      classMask: new Float32Array(labels.length).fill(1),
      weights: Float32Array.of(1),
    });
    await trained.close();
    const outputs = await judge.outputs([steps]);
    const powers = Array.from(raw.subarray(0, 3), (logit) => Math.exp(logit / manifest.temperature));
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [c, power] of powers.entries()) expect(outputs[c]).toBeCloseTo(power / sum, 5);
    for (const d of [3, 4]) expect(outputs[d]).toBeCloseTo(Math.tanh(raw[d]), 5);
  });

  it('hears recordings preprocessed as those that it learned from', async () => {
    const trained = (preprocessing: unknown) => {
      const training = { ...manifest.training, config: { preprocessing } };
      return buildTrained({ ...manifest, labels: [...labels], architecture, features, training }, tensors)
        .model;
    };
    const clip: Clip = {
      file: recording,
      dataset: 'emodb',
      speaker: 'emodb_08',
      gender: 'female',
      language: 'de',
      label: 'boredom',
    };
    const quiet = await OfflineJudge.create(
      trained({ ...noPreprocessing, loudnessLufs: -60 }) as OfflineModel,
    );
    const plain = await judge.judge([clip]);
    const { judged } = await quiet.judge([clip]);
    await quiet.close();
    expect(judged[0].probabilities).not.toEqual(plain.judged[0].probabilities);
    expect(() => trained({ loudnessLufs: 'loud' })).toThrow(/preprocessing what this version doesn't know/);
  });

  it('judges recordings as a whole, or their first seconds, and lists those that it can’t read', async () => {
    const clip = (file: string): Clip => ({
      file,
      dataset: 'emodb',
      speaker: 'emodb_08',
      gender: 'female',
      language: 'de',
      label: 'boredom',
    });
    const own = await createClipJudge(model, 'onnx');
    expect(own).toMatchObject({ mode: 'offline', engine: 'onnx-cpu' });
    const { judged, skipped } = await own.judge([clip(recording), clip(join(folder, 'none.wav'))], {
      moments: [0.4, 100],
    });
    const cut = await own.judge([clip(recording)], { seconds: 0.4 });
    await own.close();
    expect(skipped).toMatchObject([{ file: join(folder, 'none.wav') }]);
    expect(judged).toHaveLength(1);
    const [{ label, probabilities, moments }] = judged;
    expect(label).toBe(1);
    expect(probabilities!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(moments![1]).toEqual(probabilities);
    expect(moments![0]).toEqual(cut.judged[0].probabilities);
    expect(moments![0]).not.toEqual(probabilities);
  });
});
