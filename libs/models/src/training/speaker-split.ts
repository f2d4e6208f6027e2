import type { Clip } from '../corpus/clip.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { TrainingConfig } from './training-config.ts';

/** Which speaker is used for what; nobody is in two parts. */
export interface SpeakerSplit {
  training: string[];
  validation: string[];
  test: string[];
}

/**
 * Splits by speaker: the configured names, or else the configured shares of each corpus and gender, drawn by the seed. Where
 * that leaves nobody to validate, one of the largest group does.
 * @throws Error when a named speaker is not in the data, or too few are left to train and validate
 */
export function splitSpeakers(
  clips: readonly Clip[],
  { speakers, shares, seed }: Pick<TrainingConfig, 'speakers' | 'shares' | 'seed'>,
): SpeakerSplit {
  const groups = new Map<string, Set<string>>();
  for (const { dataset, gender, speaker } of clips) {
    const key = `${dataset}/${gender}`;
    groups.set(key, (groups.get(key) ?? new Set()).add(speaker));
  }
  const everyone = new Set([...groups.values()].flatMap((group) => [...group]));
  const split: SpeakerSplit = {
    training: [],
    validation: [...speakers.validation],
    test: [...speakers.test],
  };
  const unknown = [...split.validation, ...split.test].filter((speaker) => !everyone.has(speaker));
  if (unknown.length > 0) throw new Error(`the data has no speaker ${unknown.join(', ')}`);
  if (split.validation.length + split.test.length === 0) {
    const random = new SeededRandom(seed);
    let largest: string[] = [];
    for (const key of [...groups.keys()].sort()) {
      const group = random.shuffle([...groups.get(key)!].sort());
      const test = Math.round(shares.test * group.length);
      const validation = Math.round(shares.validation * group.length);
      split.test.push(...group.slice(0, test));
      split.validation.push(...group.slice(test, test + validation));
      const rest = group.slice(test + validation);
      if (rest.length > largest.length) largest = rest;
    }
    if (split.validation.length === 0 && shares.validation > 0) split.validation.push(...largest.slice(0, 1));
  }
  const held = new Set([...split.validation, ...split.test]);
  split.training = [...everyone].filter((speaker) => !held.has(speaker)).sort();
  if (split.training.length === 0 || split.validation.length === 0) {
    throw new Error(
      `${everyone.size} speakers are too few: at least one must train and another validate (name them with --validation and --test)`,
    );
  }
  return split;
}
