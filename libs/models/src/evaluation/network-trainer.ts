import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { writeModel } from '../export/write-model.ts';
import { readModel } from '../model/load-model.ts';
import { trainModel } from '../training/train-model.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { createClipJudge } from './clip-judge.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';

/**
 * A network's training for cross-validation: the epoch and the temperature are chosen on speakers drawn, by the seed, from
 * the fold's training speakers. The exported model is scored: the product's kind in streaming mode by the ONNX engine.
 */
export class NetworkTrainer implements ClipTrainer<CorpusLabel> {
  readonly name: string;
  readonly random = true;
  readonly labels: readonly CorpusLabel[];
  readonly setup: unknown;
  readonly #config: TrainingConfig;
  readonly #cacheFolder: string;

  /** @param labels of every fold's model, whatever `config` says of them */
  constructor(config: TrainingConfig, labels: readonly CorpusLabel[], cacheFolder: string) {
    this.name = config.name;
    this.labels = labels;
    const { seed: _seed, speakers: _speakers, ...setup } = config;
    this.setup = setup;
    this.#config = config;
    this.#cacheFolder = cacheFolder;
  }

  async fit(
    training: readonly Clip[],
    seed: number,
    validation: readonly Clip[] = [],
  ): Promise<ClipScorer<CorpusLabel>> {
    const config: TrainingConfig = {
      ...this.#config,
      labels: [...this.labels],
      seed,
      speakers: { validation: [...new Set(validation.map(({ speaker }) => speaker))], test: [] },
      shares: { validation: validationShare(training, this.#config.shares.validation), test: 0 },
    };
    const clips = [...training, ...validation];
    const corpus = { folder: '', clips, skipped: [] };
    const run = await trainModel(config, [corpus], this.#cacheFolder, {
      reading: () => {},
      epoch: () => 'go on',
    });
    const folder = await mkdtemp(join(tmpdir(), 'undertone-fold-'));
    try {
      await writeModel(folder, run.files);
      const model = await readModel(folder);
      const judge = await createClipJudge(model, 'onnx');
      const { temperature, training } = model.manifest;
      const held = training.speakers.validation;
      return {
        chosen: { epoch: run.bestEpoch, temperature, validation: held },
        temperature,
        score: (own, listening) => judge.judge(own, listening),
        validation: async () => {
          const own = clips.filter(({ speaker }) => held.includes(speaker));
          return (await judge.judge(own)).judged;
        },
        close: () => judge.close(),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

/** At least one speaker of the smallest group of a corpus and gender validates. */
function validationShare(training: readonly Clip[], share: number): number {
  const groups = Map.groupBy(training, ({ dataset, gender }) => `${dataset}/${gender}`);
  const sizes = Array.from(groups.values(), (own) => new Set(own.map(({ speaker }) => speaker)).size);
  return Math.max(share, 0.5 / Math.min(...sizes));
}
