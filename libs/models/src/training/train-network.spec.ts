import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultMfccOptions } from '@undertone/dsp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { CheckpointOptions } from './checkpoint.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import { trainingConfigs } from './training-configs.ts';

const labels = ['happy', 'sad'] as const;
const bands = 8;
const spec: FeatureSpec = {
  rules: 1,
  mfcc: {
    ...defaultMfccOptions,
    coefficients: 3,
    sampleRateHz: 16_000,
    windowSamples: 400,
    hopSamples: 160,
    fftSize: 512,
    melBands: bands,
  },
  framesPerStep: 4,
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1], priorFrames: 50, memoryFrames: 500 },
};
const config: TrainingConfig = {
  ...trainingConfigs[0],
  architecture: {
    kind: 'gru-attention',
    frontUnits: 4,
    recurrentUnits: 5,
    scoreUnits: 3,
    headUnits: 4,
    decays: [0.9],
    deviationPooling: true,
  },
  epochs: 6,
  batchClips: 4,
  // Draws normal numbers, which come in pairs: one may be left over between two epochs.
  mixup: { alpha: 0.4, share: 0.5 },
};

function clips(count: number, seed: number): TrainingClip[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const frames = 60 + random.integer(30);
    return {
      clip: {
        file: `${i}.wav`,
        dataset: 'own',
        speaker: 's',
        gender: 'female',
        language: 'en',
        label: labels[i % 2],
      },
      frames: {
        bands,
        logMel: Float32Array.from({ length: frames * bands }, () => random.normal() + (i % 2)),
        pitch: new Float32Array(2 * frames),
        waveform: null,
        speech: new Uint8Array(frames).fill(1),
      },
      variants: [],
    };
  });
}

describe('a training run that was stopped', () => {
  let folder: string;
  const training = clips(10, 1);
  const validation = clips(6, 2);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (
    checkpoints: CheckpointOptions | null,
    stopAt = Number.POSITIVE_INFINITY,
    own = config,
    data = training,
  ) =>
    trainNetwork(
      own,
      spec,
      labels,
      data,
      validation,
      { epoch: ({ epoch }) => (epoch === stopAt ? 'stop' : 'go on') },
      checkpoints,
    );
  const into = (name: string, resume: boolean, everyEpochs = 100) => ({
    folder: join(folder, name),
    everyEpochs,
    resume,
  });
  const withoutTime = (curve: { seconds: number }[]) => curve.map(({ seconds: _seconds, ...rest }) => rest);

  it('goes on to the same weights, bit by bit, as one that was not', async () => {
    const whole = await run(null);
    const first = await run(into('stopped', false), 3);
    expect(first.curve).toHaveLength(3);
    const rest = await run(into('stopped', true));
    expect(rest.tensors).toEqual(whole.tensors);
    expect(rest.temperature).toBe(whole.temperature);
    expect(rest.bestEpoch).toBe(whole.bestEpoch);
    expect(withoutTime(rest.curve)).toEqual(withoutTime(whole.curve));
    expect(rest.tensors).not.toEqual(first.tensors);
  });

  it('goes on from the last state written, where it was killed', async () => {
    const killed = trainNetwork(
      config,
      spec,
      labels,
      training,
      validation,
      {
        epoch: ({ epoch }) => {
          if (epoch === 5) throw new Error('killed');
          return 'go on';
        },
      },
      into('killed', false, 2),
    );
    await expect(killed).rejects.toThrow('killed');
    const epochs: number[] = [];
    const rest = await trainNetwork(
      config,
      spec,
      labels,
      training,
      validation,
      {
        epoch: ({ epoch }) => {
          epochs.push(epoch);
          return 'go on';
        },
      },
      into('killed', true),
    );
    expect(epochs).toEqual([5, 6]);
    expect(rest.tensors).toEqual((await run(null)).tensors);
  });

  it('does not go on with another configuration or other data, or without a state', async () => {
    await run(into('refused', false), 1);
    const resume = into('refused', true);
    await expect(run(resume, 1, { ...config, dropout: 0.1 })).rejects.toThrow(
      /belongs to a run with another configuration: repeat that run’s arguments, or leave --resume out/,
    );
    await expect(run(resume, 1, config, training.slice(1))).rejects.toThrow(/a run with other data/);
    const louder = structuredClone(training);
    louder[3].frames.logMel[5] += 1;
    await expect(run(resume, 1, config, louder)).rejects.toThrow(/a run with other data/);
    await expect(run(into('none', true))).rejects.toThrow(/there is no .*training-state\.bin to go on from/);
    await writeFile(join(folder, 'refused', 'training-state.bin'), 'something else');
    await expect(run(resume)).rejects.toThrow(/is no checkpoint of this version/);
  });
});
