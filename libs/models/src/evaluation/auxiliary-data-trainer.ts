import type { Clip } from '../corpus/clip.ts';
import type { ClipScorer, ClipTrainer } from './clip-trainer.ts';
import { clipsHash } from './prediction-source.ts';

/** A trainer that learns from auxiliary clips too, whoever is left out: they are never scored. */
export class AuxiliaryDataTrainer<Label extends string> implements ClipTrainer<Label> {
  readonly name: string;
  readonly random: boolean;
  readonly labels: readonly Label[];
  readonly setup: unknown;
  readonly #trainer: ClipTrainer<Label>;
  readonly #auxiliary: readonly Clip<Label>[];

  constructor(trainer: ClipTrainer<Label>, auxiliary: readonly Clip<Label>[]) {
    const corpora = [...new Set(auxiliary.map(({ dataset }) => dataset))].sort();
    this.name = `${trainer.name} with ${corpora.join(', ')}`;
    this.random = trainer.random;
    this.labels = trainer.labels;
    this.setup = { trainer: trainer.setup, auxiliary: clipsHash(auxiliary) };
    this.#trainer = trainer;
    this.#auxiliary = auxiliary;
  }

  async fit(
    training: readonly Clip<Label>[],
    seed: number,
    validation?: readonly Clip<Label>[],
  ): Promise<ClipScorer<Label>> {
    const scorer = await this.#trainer.fit([...training, ...this.#auxiliary], seed, validation);
    const files = new Set(this.#auxiliary.map(({ file }) => file));
    return {
      chosen: scorer.chosen,
      temperature: scorer.temperature,
      score: (clips, listening) => scorer.score(clips, listening),
      validation: async () => (await scorer.validation()).filter(({ file }) => !files.has(file)),
      close: () => scorer.close(),
    };
  }
}
