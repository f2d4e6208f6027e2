import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import type { EmotionModel } from '../model/emotion-model.ts';
import type { OfflineModel } from '../model/offline-model.ts';
import { refuseHeldOut, type Teacher } from '../training/teacher.ts';
import { createClipJudge } from './clip-judge.ts';

/**
 * Teaches the mean of trained models. What a model says of a voice that it has learned from is known by heart: for
 * every speaker, only those models are asked who have not heard them, or all where there is no such model.
 */
export class ModelTeacher implements Teacher {
  readonly names: readonly string[];
  readonly #models: readonly (EmotionModel | OfflineModel)[];

  constructor(models: readonly (EmotionModel | OfflineModel)[]) {
    this.names = models.map(({ manifest }) => manifest.name);
    this.#models = models;
  }

  async answers(
    training: readonly Clip[],
    labels: readonly CorpusLabel[],
    heldOut: readonly string[],
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const heard = this.#models.map(({ manifest }) => manifest.training.speakers.training);
    const sums = new Map<string, { sum: Float32Array; models: number }>();
    for (const [m, model] of this.#models.entries()) {
      const { name } = model.manifest;
      if (model.labels.join() !== labels.join())
        throw new Error(
          `the teacher ${name} tells ${model.labels.join(', ')} apart, the student ${labels.join(', ')}`,
        );
      refuseHeldOut(name, heard[m], heldOut);
      const asked = training.filter(
        ({ speaker }) => !heard[m].includes(speaker) || heard.every((speakers) => speakers.includes(speaker)),
      );
      const judge = await createClipJudge(model, 'onnx');
      try {
        for (const { file, probabilities } of (await judge.judge(asked)).judged) {
          if (probabilities === null) continue;
          const { sum, models } = sums.get(file) ?? { sum: new Float32Array(labels.length), models: 0 };
          sums.set(file, { sum: sum.map((value, c) => value + probabilities[c]), models: models + 1 });
        }
      } finally {
        await judge.close();
      }
    }
    return new Map(Array.from(sums, ([file, { sum, models }]) => [file, sum.map((value) => value / models)]));
  }
}
