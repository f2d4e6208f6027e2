import { createHash } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { writeModel } from '../export/write-model.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import { readModel } from '../model/load-model.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import type { Teacher } from '../training/teacher.ts';
import { trainModel } from '../training/train-model.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { createClipJudge } from './clip-judge.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import { commonFolder, relativeFile } from './prediction-source.ts';

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
  readonly #modelsFolder: string | null;

  /**
   * @param labels of every fold's model, whatever `config` says of them
   * @param modelsFolder where the folds' models are kept, and taken up again; null for nowhere
   */
  constructor(
    config: TrainingConfig,
    labels: readonly CorpusLabel[],
    cacheFolder: string,
    modelsFolder: string | null = null,
  ) {
    this.name = config.name;
    this.labels = labels;
    const { seed: _seed, speakers: _speakers, ...setup } = config;
    this.setup = setup;
    this.#config = config;
    this.#cacheFolder = cacheFolder;
    this.#modelsFolder = modelsFolder;
  }

  /** @param teacher whom the configuration's `distillation` learns from */
  async fit(
    training: readonly Clip[],
    seed: number,
    validation: readonly Clip[] = [],
    teacher: Teacher | null = null,
  ): Promise<ClipScorer<CorpusLabel>> {
    const config: TrainingConfig = {
      ...this.#config,
      labels: [...this.labels],
      seed,
      speakers: { validation: [...new Set(validation.map(({ speaker }) => speaker))], test: [] },
      shares: { ...this.#config.shares, test: 0 },
    };
    const clips = [...training, ...validation];
    const model = await this.#trained(config, clips, teacher);
    const judge = await createClipJudge(model, 'onnx');
    const { temperature, training: run } = model.manifest;
    const held = run.speakers.validation;
    return {
      chosen: { epoch: run.epochs, temperature, validation: held },
      temperature,
      score: (own, listening) => judge.judge(own, listening),
      validation: async () => {
        const own = clips.filter(({ speaker }) => held.includes(speaker));
        return (await judge.judge(own)).judged;
      },
      close: () => judge.close(),
    };
  }

  /** Trains, or reads what the same training left behind. What a teacher says is in no hash: students are not kept. */
  async #trained(
    config: TrainingConfig,
    clips: readonly Clip[],
    teacher: Teacher | null,
  ): Promise<EmotionModel | OfflineModel> {
    const kept = this.#modelsFolder !== null && teacher === null;
    const folder = kept
      ? join(this.#modelsFolder!, `${config.name}-${runHash(config, clips)}`)
      : await mkdtemp(join(tmpdir(), 'undertone-fold-'));
    try {
      if (kept && (await isThere(join(folder, 'manifest.json')))) return await readModel(folder);
      const corpus = { folder: '', clips: [...clips], skipped: [] };
      const progress = { reading: () => {}, epoch: () => 'go on' as const };
      const { files } = await trainModel(config, [corpus], this.#cacheFolder, progress, null, teacher);
      await writeModel(folder, files);
      return await readModel(folder);
    } finally {
      if (!kept) await rm(folder, { recursive: true });
    }
  }
}

/** The same for the same configuration and clips, whatever version of the code trained on them. */
function runHash(config: TrainingConfig, clips: readonly Clip[]): string {
  const root = commonFolder(clips);
  const known = clips.map(({ file, speaker, label }) => [relativeFile(root, file), speaker, label].join());
  return createHash('sha256')
    .update(JSON.stringify([config, known.sort()]))
    .digest('hex')
    .slice(0, 16);
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
