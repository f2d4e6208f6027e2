import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clip } from '../../libs/models/src/corpus/clip.ts';
import { readCorpus } from '../../libs/models/src/corpus/read-corpus.ts';
import { NetworkTrainer } from '../../libs/models/src/evaluation/network-trainer.ts';
import { trainingConfigs } from '../../libs/models/src/training/training-configs.ts';

const streaming = trainingConfigs.find(({ name }) => name === 'streaming')!;
const config = {
  ...streaming,
  epochs: 1,
  architecture: {
    ...streaming.architecture,
    kind: 'gru-attention' as const,
    frontUnits: 8,
    recurrentUnits: 8,
  },
} as typeof streaming;

describe('the networks of a cross-validation’s folds', () => {
  let folder: string;
  let heard: Clip[];
  let held: Clip[];
  const answersOf = async (seed: number, training = heard) => {
    const labels = [...new Set([...heard, ...held].map(({ label }) => label))].sort();
    const trainer = new NetworkTrainer(config, labels, join(folder, 'cache'), join(folder, 'models'));
    const scorer = await trainer.fit(training, seed, held);
    try {
      return (await scorer.score(held, {})).judged.map(({ file, probabilities }) => ({
        file,
        probabilities,
      }));
    } finally {
      await scorer.close();
    }
  };
  const kept = async () =>
    Promise.all(
      (await readdir(join(folder, 'models'))).sort().map(async (name) => {
        const manifest = await readFile(join(folder, 'models', name, 'manifest.json'), 'utf8');
        return { name, createdAt: JSON.parse(manifest).createdAt as string };
      }),
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fold-models-'));
    const { clips } = await readCorpus('test/fixtures/demo-call');
    heard = clips.filter(({ speaker }) => speaker.endsWith('08'));
    held = clips.filter(({ speaker }) => speaker.endsWith('11'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are kept, and answer again without being trained again', { timeout: 120_000 }, async () => {
    const answers = await answersOf(1);
    expect(answers.length).toBe(held.length);
    const before = await kept();
    expect(before).toHaveLength(1);
    expect(await answersOf(1)).toEqual(answers);
    expect(await kept()).toEqual(before);
  });

  it('are trained anew under another seed, and on other clips', { timeout: 120_000 }, async () => {
    const first = await answersOf(1);
    expect(await answersOf(2)).not.toEqual(first);
    expect(await answersOf(1, heard.slice(1))).not.toEqual(first);
    expect(await kept()).toHaveLength(3);
  });
});
