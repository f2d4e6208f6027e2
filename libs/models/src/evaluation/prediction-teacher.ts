import { basename } from 'node:path';
import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { refuseHeldOut, type Teacher } from '../training/teacher.ts';
import type { CombinationName } from './combination.ts';
import { combinePredictions } from './combine-predictions.ts';
import type { PredictionSet } from './prediction-set.ts';

/**
 * Teaches what cross-validated members said together: every clip has been judged by models that did not learn from its
 * speaker, so that the student hears what the teacher makes of new voices, not what it knows by heart.
 */
export class PredictionTeacher implements Teacher {
  readonly names: readonly string[];
  readonly #set: PredictionSet;

  /** @throws Error when the members' folds, seeds or clips differ */
  constructor(members: readonly PredictionSet[], method: CombinationName) {
    this.#set = combinePredictions(members, method, true);
    this.names = [this.#set.source.model];
  }

  async answers(
    training: readonly Clip[],
    labels: readonly CorpusLabel[],
    heldOut: readonly string[],
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const { source, folds } = this.#set;
    if (source.labels.join() !== labels.join())
      throw new Error(
        `the teacher tells ${source.labels.join(', ')} apart, the student ${labels.join(', ')}`,
      );
    const wanted = new Set(training.map(({ speaker }) => speaker));
    const known = new Map<string, Float32Array>();
    for (const {
      test,
      training: heard,
      heard: [{ judged }],
    } of folds) {
      if (!test.some((speaker) => wanted.has(speaker))) continue;
      refuseHeldOut(source.model, heard, heldOut);
      for (const clip of judged) if (clip.probabilities) known.set(keyOf(clip), clip.probabilities);
    }
    return new Map(
      training.flatMap((clip) => {
        const answer = known.get(keyOf(clip));
        return answer ? [[clip.file, answer]] : [];
      }),
    );
  }
}

/** Folders may lie elsewhere by now; nobody has two recordings of the same name. */
const keyOf = ({ speaker, file }: { speaker: string; file: string }) => `${speaker}/${basename(file)}`;
