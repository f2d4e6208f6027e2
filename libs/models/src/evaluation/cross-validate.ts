import type { Clip } from '../corpus/clip.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import {
  type CrossValidationReport,
  type FoldScores,
  foldScores,
  reportFolds,
} from './cross-validation-report.ts';
import { type CrossPlan, judgeFold, planFolds } from './judge-folds.ts';
import type { JudgedFold } from './judged-fold.ts';
import type { PredictionFolder } from './prediction-folder.ts';
import { predictionSource } from './prediction-source.ts';

/**
 * Trains on all speakers but a fold's and scores those, fold by fold and seed by seed.
 * @param stored keeps what each model said; folds that it holds already are taken from it
 * @param onFold called after each fold of each seed
 */
export async function crossValidate<Label extends string>(
  trainer: ClipTrainer<Label>,
  clips: readonly Clip<Label>[],
  plan: CrossPlan,
  stored: PredictionFolder | null,
  onFold: (fold: JudgedFold & FoldScores, done: number, total: number) => void,
): Promise<CrossValidationReport> {
  const planned = planFolds(clips, plan);
  const folds: JudgedFold[] = [];
  for (const own of planned) {
    let fold = (await stored?.read(own)) ?? null;
    if (fold === null) {
      fold = await judgeFold(trainer, clips, own, plan);
      await stored?.write(fold);
    }
    folds.push(fold);
    onFold({ ...fold, ...foldScores(fold, trainer.labels.length) }, folds.length, planned.length);
  }
  return reportFolds(predictionSource(trainer, clips, plan), folds);
}
