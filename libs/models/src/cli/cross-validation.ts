import { projectionNames } from '../classical/projection.ts';
import type { Clip, Corpus } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { chosenLabels, withLabels } from '../corpus/label-choice.ts';
import { readCorpus } from '../corpus/read-corpus.ts';
import { AuxiliaryDataTrainer } from '../evaluation/auxiliary-data-trainer.ts';
import { combinationNames } from '../evaluation/combination.ts';
import { combinePredictions } from '../evaluation/combine-predictions.ts';
import { crossValidate } from '../evaluation/cross-validate.ts';
import { type CrossValidationReport, reportFolds } from '../evaluation/cross-validation-report.ts';
import type { CrossProtocol } from '../evaluation/folds.ts';
import type { CrossPlan } from '../evaluation/judge-folds.ts';
import { PredictionFolder } from '../evaluation/prediction-folder.ts';
import { readPredictionSet } from '../evaluation/prediction-set.ts';
import { commonFolder, predictionSource } from '../evaluation/prediction-source.ts';
import { sessionNames } from '../evaluation/session.ts';
import { readModel } from '../model/load-model.ts';
import { type PreprocessingStep, preprocessingOf } from '../preprocessing/preprocessing.ts';
import { type TrainingConfig, trainingConfigSchema } from '../training/training-config.ts';
import {
  channelsOf,
  momentsOf,
  oneOf,
  secondsOf,
  stepsNamed,
  type Values,
  wholeNumbers,
} from './evaluate-options.ts';
import { modelFolder } from './model-folder.ts';
import {
  baselineNames,
  distillingTrainer,
  isBaseline,
  type TrainerOptions,
  trainerOf,
  trainingConfig,
} from './trainer-choice.ts';

/** Trains and scores fold by fold what the options name. */
export async function crossValidated(
  values: Values,
  data: readonly string[],
  protocol: CrossProtocol,
): Promise<CrossValidationReport> {
  const steps = stepsNamed(values);
  const members = (await membersOf(values)).map((member) => preprocessedBy(member, steps));
  const configs = members.filter((member) => typeof member !== 'string');
  const read = await Promise.all(data.map((folder) => readCorpus(folder)));
  const everyone = ofSpeakers(
    read.flatMap((corpus) => corpus.clips),
    values,
  );
  const labels = chosenLabels(configs[0]?.labels ?? 'data', everyone);
  for (const { name, labels: own } of configs)
    if (chosenLabels(own, everyone).join() !== labels.join())
      throw new Error(
        `${configs[0].name} and ${name} tell different classes apart and can't be one ensemble`,
      );
  const corpora = read.map((corpus) => withLabels(corpus, labels));
  const clips = everyone.filter(({ label }) => labels.includes(label));
  const helpers = await auxiliaryCorpora(values, labels, clips);
  const options: TrainerOptions = {
    labels,
    projection: oneOf('projection', values.projection, projectionNames),
    combination: oneOf('combine', values.combine, combinationNames),
    bags: wholeNumbers('bags', values.bags, 1)[0],
    preprocessing: preprocessingOf(steps),
    cacheFolder: values.cache,
    modelsFolder: values['fold-models'] ?? null,
  };
  const alone =
    values.teacher === undefined
      ? trainerOf(members, options)
      : distillingTrainer(studentOf(members), membersNamed(values.teacher), options);
  const auxiliary = helpers.flatMap((corpus) => corpus.clips);
  const trainer = auxiliary.length === 0 ? alone : new AuxiliaryDataTrainer(alone, auxiliary);
  const plan: CrossPlan = {
    protocol,
    seeds: seedsOf(values, trainer.random),
    folds: values.folds === undefined ? undefined : wholeNumbers('folds', values.folds, 0),
    channels: channelsOf(values),
    seconds: secondsOf(values),
    session: oneOf('session', values.session, sessionNames),
    moments: momentsOf(values),
    validation: values.predictions !== undefined,
  };
  const stored =
    values.predictions === undefined
      ? null
      : new PredictionFolder(values.predictions, predictionSource(trainer, clips, plan), commonFolder(clips));
  const report = await crossValidate(trainer, clips, plan, stored, (fold, done, total) =>
    console.error(
      `${done}/${total}  seed ${fold.seed}  fold ${fold.fold} ${fold.test.join(' ')}: UAR ${fold.uar.toFixed(3)}, ${fold.n} clips`,
    ),
  );
  const skipped = [...corpora, ...helpers].flatMap((corpus) => corpus.skipped);
  return { ...report, skipped: [...skipped, ...report.skipped] };
}

/** @throws Error when a speaker of theirs is among those to be scored */
async function auxiliaryCorpora(
  { 'auxiliary-data': folders = [] }: Values,
  labels: readonly CorpusLabel[],
  scored: readonly Clip[],
): Promise<Corpus[]> {
  const corpora = await Promise.all(
    folders.map(async (folder) => withLabels(await readCorpus(folder), labels)),
  );
  const speakers = new Set(corpora.flatMap(({ clips }) => clips.map(({ speaker }) => speaker)));
  const both = [...new Set(scored.map(({ speaker }) => speaker))].filter((speaker) => speakers.has(speaker));
  if (both.length === 0) return corpora;
  throw new Error(
    `${both.join(', ')} would train in every fold and be scored too: name a corpus with --data or --auxiliary-data, not with both`,
  );
}

/** Scores kept predictions: of one cross-validation, or of several as one. */
export async function combined(values: Values, members: readonly string[]): Promise<CrossValidationReport> {
  const sets = await Promise.all(members.map((folders) => readPredictionSet(folders.split(','))));
  const method = oneOf('combine', values.combine, combinationNames);
  const poolSeeds = values['pool-seeds'];
  const set = sets.length === 1 && !poolSeeds ? sets[0] : combinePredictions(sets, method, poolSeeds);
  return reportFolds(set.source, set.folds);
}

/** Training configurations, and names of baselines. */
async function membersOf({
  model,
  baseline,
  config,
  ensemble,
}: Values): Promise<(TrainingConfig | string)[]> {
  if (model !== undefined) return [await configOfModel(model)];
  if (config !== undefined) return [trainingConfig(config)];
  if (baseline === 'ensemble') return [...baselineNames];
  if (baseline !== undefined) return [baseline];
  return membersNamed(ensemble!);
}

const membersNamed = (list: string) =>
  list.split(',').map((name) => (isBaseline(name) ? name : trainingConfig(name)));

function studentOf([member]: readonly (TrainingConfig | string)[]): TrainingConfig {
  if (typeof member !== 'string') return member;
  throw new Error('--teacher teaches a network: give it with --config');
}

/** A configuration with the steps in place of its own; without any, as it is. A baseline does what the options say. */
function preprocessedBy(
  member: TrainingConfig | string,
  steps: readonly PreprocessingStep[],
): TrainingConfig | string {
  if (typeof member === 'string' || steps.length === 0) return member;
  const name = `${member.name} after ${steps.join(', ')}`;
  return { ...member, name, preprocessing: preprocessingOf(steps) };
}

async function configOfModel(model: string): Promise<TrainingConfig> {
  const { manifest } = await readModel(modelFolder(model));
  const parsed = trainingConfigSchema.safeParse(manifest.training.config);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${manifest.name} was trained with an older configuration, which can't be repeated: give --config`,
  );
}

function ofSpeakers(clips: Clip[], { speakers = 'all', without = '' }: Values): Clip[] {
  const [wanted, unwanted] = [speakers, without].map((list) => list.split(',').filter((name) => name !== ''));
  const unknown = [...wanted, ...unwanted].filter(
    (name) => name !== 'all' && !clips.some(({ speaker }) => speaker === name),
  );
  if (unknown.length > 0) throw new Error(`the data has no speaker ${unknown.join(', ')}`);
  return clips.filter(
    ({ speaker }) => (wanted.includes('all') || wanted.includes(speaker)) && !unwanted.includes(speaker),
  );
}

function seedsOf({ seeds }: Values, random: boolean): number[] {
  if (seeds !== undefined) return wholeNumbers('seeds', seeds, 0);
  return random ? [1, 2, 3] : [1];
}
