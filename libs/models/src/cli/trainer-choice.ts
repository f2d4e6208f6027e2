import { ClassicalTrainer } from '../classical/classical-trainer.ts';
import { FunctionalsReader } from '../classical/functionals-reader.ts';
import { gradientBoosting } from '../classical/gradient-boosting.ts';
import { type ProjectionName, projectionNames } from '../classical/projection.ts';
import { randomForest } from '../classical/random-forest.ts';
import { linearSupportVectors, rbfSupportVectors } from '../classical/support-vectors.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { BaggingTrainer } from '../evaluation/bagging-trainer.ts';
import type { ClipTrainer } from '../evaluation/clip-trainer.ts';
import type { CombinationName } from '../evaluation/combination.ts';
import { DistillingTrainer } from '../evaluation/distilling-trainer.ts';
import { EnsembleTrainer } from '../evaluation/ensemble-trainer.ts';
import { NetworkTrainer } from '../evaluation/network-trainer.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { trainingConfigs } from '../training/training-configs.ts';

const classifierKinds = [rbfSupportVectors, linearSupportVectors, randomForest, gradientBoosting];
export const baselineNames: readonly string[] = classifierKinds.map(({ name }) => name);

/** Where a teacher is named and the student's configuration says nothing of it. */
export const usualDistillation = { weight: 0.5, temperature: 1 };

/** How what is named becomes one trainer. */
export interface TrainerOptions {
  /** The classes that all members tell apart. */
  labels: readonly CorpusLabel[];
  /** Of baselines that don't name their own. */
  projection: ProjectionName;
  combination: CombinationName;
  /** Models in each member's bag; 1 for no bag. */
  bags: number;
  /** Of the recordings, for baselines; configurations name their own. */
  preprocessing: Preprocessing;
  /** Decoded features for networks. */
  cacheFolder: string;
  /** Where the folds' networks are kept; null for nowhere. */
  modelsFolder: string | null;
}

/** @throws Error naming the configurations there are */
export function trainingConfig(name: string): TrainingConfig {
  const known = trainingConfigs.find((config) => config.name === name);
  if (known !== undefined) return known;
  const names = trainingConfigs.map((config) => config.name);
  throw new Error(`there is no configuration ${name}; use one of ${names.join(', ')}`);
}

/** `BASELINE` or `PROJECTION+BASELINE`. */
export const isBaseline = (name: string): boolean => baselineNames.includes(name.split('+').at(-1)!);

/**
 * One trainer of configurations and baselines, the latter as `BASELINE` or `PROJECTION+BASELINE`.
 * @throws Error when there is no such baseline or projection
 */
export function trainerOf(
  members: readonly (TrainingConfig | string)[],
  { labels, projection, combination, bags, preprocessing, cacheFolder, modelsFolder }: TrainerOptions,
): ClipTrainer<CorpusLabel> {
  const reader = new FunctionalsReader(preprocessing);
  const trainers = members
    .map((member) =>
      typeof member === 'string'
        ? baseline(member, projection, labels, reader)
        : new NetworkTrainer(member, labels, cacheFolder, modelsFolder),
    )
    .map((trainer) => (bags > 1 ? new BaggingTrainer(trainer, bags) : trainer));
  return trainers.length === 1 ? trainers[0] : new EnsembleTrainer(trainers, combination);
}

/**
 * The trainer of a student that learns from what `teachers` make of its training clips; only these are bagged.
 * @throws Error when there is no such baseline or projection
 */
export function distillingTrainer(
  student: TrainingConfig,
  teachers: readonly (TrainingConfig | string)[],
  options: TrainerOptions,
): DistillingTrainer {
  const config = { ...student, distillation: student.distillation ?? usualDistillation };
  return new DistillingTrainer(
    trainerOf(teachers, options),
    new NetworkTrainer(config, options.labels, options.cacheFolder),
  );
}

function baseline(
  name: string,
  usual: ProjectionName,
  labels: readonly CorpusLabel[],
  reader: FunctionalsReader,
): ClassicalTrainer<CorpusLabel> {
  const [kindName, projectionName = usual] = name.split('+').reverse();
  const kind = classifierKinds.find((known) => known.name === kindName);
  const projection = projectionNames.find((known) => known === projectionName);
  if (kind === undefined)
    throw new Error(`there is no baseline ${kindName}; use one of ${baselineNames.join(', ')}`);
  if (projection === undefined)
    throw new Error(`there is no projection ${projectionName}; use one of ${projectionNames.join(', ')}`);
  return new ClassicalTrainer(kind, projection, labels, reader);
}
