import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JudgedFold } from './judged-fold.ts';
import { parsePredictions } from './prediction-file.ts';
import type { PredictionSource } from './prediction-source.ts';

/** The stored predictions of one cross-validation, or of some of its folds. */
export interface PredictionSet {
  source: PredictionSource;
  folds: JudgedFold[];
}

/**
 * Reads the predictions that lie in `folders`: the parts of one cross-validation, whose folds or seeds were judged apart.
 * @throws Error when a folder holds none, when they are not of the same cross-validation, or hold the same fold twice
 */
export async function readPredictionSet(folders: readonly string[]): Promise<PredictionSet> {
  const files: { path: string; source: PredictionSource; judged: JudgedFold }[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
    if (names.length === 0)
      throw new Error(
        `${folder} holds no predictions: npm run evaluate -- … --predictions ${folder} writes them`,
      );
    for (const name of names) {
      const path = join(folder, name);
      files.push({ path, ...parsePredictions(await readFile(path, 'utf8'), path) });
    }
  }
  const [first, ...others] = files;
  for (const other of others) {
    for (const key of Object.keys(first.source) as (keyof PredictionSource)[]) {
      if (JSON.stringify(other.source[key]) === JSON.stringify(first.source[key])) continue;
      throw new Error(`${first.path} and ${other.path} are not parts of one cross-validation: other ${key}`);
    }
  }
  const byFold = Map.groupBy(files, ({ judged: { fold, seed } }) => `fold ${fold} of seed ${seed}`);
  for (const [fold, own] of byFold)
    if (own.length > 1) throw new Error(`${own.map(({ path }) => path).join(' and ')} both hold ${fold}`);
  return {
    source: first.source,
    folds: files.map(({ judged }) => judged).sort((a, b) => a.seed - b.seed || a.fold - b.fold),
  };
}
