import { readdir } from 'node:fs/promises';
import { ModelTeacher } from '../evaluation/model-teacher.ts';
import { readPredictionSet } from '../evaluation/prediction-set.ts';
import { PredictionTeacher } from '../evaluation/prediction-teacher.ts';
import { readModel } from '../model/load-model.ts';
import type { Teacher } from '../training/teacher.ts';

/**
 * The teacher that `--teacher` names: folders of models, or of predictions (parts of one member separated by commas).
 * @throws Error when both kinds are named, or a folder is neither
 */
export async function readTeacher(names: readonly string[]): Promise<Teacher> {
  const isModel = await Promise.all(
    names.map(async (name) => (await readdir(name.split(',')[0])).includes('manifest.json')),
  );
  if (isModel.every(Boolean))
    return new ModelTeacher(await Promise.all(names.map((name) => readModel(name))));
  if (isModel.some(Boolean))
    throw new Error('--teacher wants either folders of models or folders of predictions, not both');
  const members = await Promise.all(names.map((name) => readPredictionSet(name.split(','))));
  return new PredictionTeacher(members, 'mean');
}
