import type { Clip } from '../corpus/clip.ts';

export const crossProtocols = ['grouped-cv', 'loso', 'cross-corpus'] as const;
export type CrossProtocol = (typeof crossProtocols)[number];

const groups = 5;

/**
 * The test speakers of each fold; nobody is in two. `grouped-cv`: the speakers of each corpus in the order of
 * their names, the i-th in fold i mod 5, so that RAVDESS's actor n is in fold (n − 1) mod 5. `loso`: one speaker a fold. `cross-corpus`: all speakers of
 * a corpus, by the corpora's names.
 * @throws Error when there are too few speakers, or a single corpus for `cross-corpus`
 */
export function foldsOf(
  protocol: CrossProtocol,
  clips: readonly Pick<Clip, 'dataset' | 'speaker'>[],
): string[][] {
  const speakersOf = (own: typeof clips) => [...new Set(own.map(({ speaker }) => speaker))].sort();
  const everyone = speakersOf(clips);
  if (everyone.length < 3) {
    throw new Error(
      `${everyone.length} speakers are too few for ${protocol}: one must be left out and others train and choose`,
    );
  }
  if (protocol === 'loso') return everyone.map((speaker) => [speaker]);
  if (protocol === 'cross-corpus') {
    const corpora = [...Map.groupBy(clips, ({ dataset }) => dataset)].sort(([a], [b]) => (a < b ? -1 : 1));
    if (corpora.length < 2)
      throw new Error('cross-corpus leaves one corpus out at a time: give at least two with --data');
    return corpora.map(([, own]) => speakersOf(own));
  }
  const folds: string[][] = Array.from({ length: groups }, () => []);
  for (const own of Map.groupBy(clips, ({ dataset }) => dataset).values()) {
    for (const [i, speaker] of speakersOf(own).entries()) folds[i % groups].push(speaker);
  }
  return folds.filter((fold) => fold.length > 0).map((fold) => fold.sort());
}
