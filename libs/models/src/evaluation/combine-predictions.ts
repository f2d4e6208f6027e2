import { Combination, type CombinationName } from './combination.ts';
import { combineClips } from './combine-clips.ts';
import type { JudgedFold } from './judged-fold.ts';
import type { PredictionSet } from './prediction-set.ts';
import type { PredictionSource } from './prediction-source.ts';

const shared = [
  'labels',
  'data',
  'protocol',
  'folds',
  'channels',
  'seconds',
  'session',
  'moments',
] as const satisfies (keyof PredictionSource)[];

/**
 * Combines cross-validations of the same folds, fold by fold. Nothing is fitted to test clips: weights and temperature
 * of a fold come from clips of its training speakers.
 * @param poolSeeds whether the seeds of a member are members too, instead of repetitions of the whole
 * @throws Error when members differ in data, classes, folds, seeds or clips
 */
export function combinePredictions(
  members: readonly PredictionSet[],
  method: CombinationName,
  poolSeeds: boolean,
): PredictionSet {
  const [first] = members;
  for (const { source } of members) {
    for (const key of shared) {
      if (JSON.stringify(source[key]) === JSON.stringify(first.source[key])) continue;
      throw new Error(`${first.source.model} and ${source.model} can't be combined: other ${key}`);
    }
  }
  const seedsOf = ({ folds }: PredictionSet) => [...new Set(folds.map(({ seed }) => seed))];
  const random = members.filter(({ source }) => source.random);
  const seeds = poolSeeds ? [1] : seedsOf(random[0] ?? first);
  const numbers = [...new Set(members.flatMap(({ folds }) => folds.map(({ fold }) => fold)))].sort(
    (a, b) => a - b,
  );
  const folds = seeds.flatMap((seed) =>
    numbers.map((fold) => {
      const parts = members.flatMap((member) => {
        const { source, folds: own } = member;
        // Without chance, every seed gives the same.
        const wanted = poolSeeds ? seedsOf(member) : [source.random ? seed : (own[0]?.seed ?? seed)];
        return wanted.map((one) => {
          const part = own.find((candidate) => candidate.fold === fold && candidate.seed === one);
          if (part !== undefined) return part;
          throw new Error(
            `${source.model} lacks fold ${fold} of seed ${one}: judge the same folds and seeds with every member`,
          );
        });
      });
      return combineFold(parts, method, seed, first.source.labels.length);
    }),
  );
  const name = members.map(({ source }) => source.model).join(', ');
  return {
    source: {
      ...first.source,
      model: `${method} of ${name}${poolSeeds ? ', seeds pooled' : ''}`,
      random: random.length > 0 && !poolSeeds,
    },
    folds,
  };
}

function combineFold(
  parts: readonly JudgedFold[],
  method: CombinationName,
  seed: number,
  classes: number,
): JudgedFold {
  const [first, ...others] = parts;
  for (const { fold, training, test } of others)
    if (test.join() !== first.test.join() || training.join() !== first.training.join())
      throw new Error(`fold ${fold} has other speakers in one member than in another`);
  const combination = Combination.fit(
    method,
    parts.map(({ validation }) => validation),
    classes,
  );
  return {
    ...first,
    seed,
    chosen: { weights: combination.weights, temperature: combination.temperature },
    temperature: combination.temperature,
    heard: first.heard.map(({ channel }, i) => ({
      channel,
      judged: combineClips(
        parts.map(({ heard }) => heard[i].judged),
        combination,
      ),
    })),
    validation: [],
    skipped: parts.flatMap(({ skipped }) => skipped),
  };
}
