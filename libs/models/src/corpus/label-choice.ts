import type { Clip, Corpus } from './clip.ts';
import { type CorpusLabel, corpusLabels } from './corpus-label.ts';

/** The classes that a model learns: those named, or those that its data has, in the order of `corpusLabels`. */
export type LabelChoice = 'data' | readonly CorpusLabel[];

/** @throws Error when fewer than two classes are left to tell apart */
export function chosenLabels(choice: LabelChoice, clips: readonly Clip[]): CorpusLabel[] {
  const present = new Set(clips.map(({ label }) => label));
  const labels = choice === 'data' ? corpusLabels.filter((label) => present.has(label)) : [...choice];
  if (labels.length < 2) {
    throw new Error(
      `the data has the classes ${labels.join(', ') || '(none)'}: a model needs two to tell apart`,
    );
  }
  return labels;
}

/** The corpus with `labels` alone; clips of other classes are listed as skipped. */
export function withLabels(corpus: Corpus, labels: readonly CorpusLabel[]): Corpus {
  const foreign = corpus.clips.filter(({ label }) => !labels.includes(label));
  return {
    folder: corpus.folder,
    clips: corpus.clips.filter(({ label }) => labels.includes(label)),
    skipped: [
      ...corpus.skipped,
      ...foreign.map(({ file, label }) => ({ file, reason: `the model has no class ${label}` })),
    ],
  };
}
