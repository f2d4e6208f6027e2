import { parseArgs } from 'node:util';
import { ClassicalTrainer } from '../classical/classical-trainer.ts';
import { FunctionalsReader } from '../classical/functionals-reader.ts';
import { type ProjectionName, projectionNames } from '../classical/projection.ts';
import { randomForest } from '../classical/random-forest.ts';
import { linearSupportVectors, rbfSupportVectors } from '../classical/support-vectors.ts';
import type { Clip, SkippedClip } from '../corpus/clip.ts';
import { type CorpusLabel } from '../corpus/corpus-label.ts';
import { chosenLabels, withLabels } from '../corpus/label-choice.ts';
import { readCorpus } from '../corpus/read-corpus.ts';
import { type EngineKind, engineKinds } from '../engine/emotion-engine.ts';
import type { ClipTrainer } from '../evaluation/clip-trainer.ts';
import { type CrossValidationReport, crossValidate } from '../evaluation/cross-validate.ts';
import { describeReport } from '../evaluation/describe-report.ts';
import { EnsembleTrainer } from '../evaluation/ensemble-trainer.ts';
import { type EvaluationReport, evaluateModel } from '../evaluation/evaluate-model.ts';
import { type CrossProtocol, crossProtocols } from '../evaluation/folds.ts';
import { NetworkTrainer } from '../evaluation/network-trainer.ts';
import type { Listening } from '../evaluation/stream-clips.ts';
import { pretrainedFolder, readModel } from '../model/load-model.ts';
import { channelNames } from '../preprocessing/channel.ts';
import { type TrainingConfig, trainingConfigSchema, trainingConfigs } from '../training/training-config.ts';

const classifierKinds = [rbfSupportVectors, linearSupportVectors, randomForest];
const baselineNames = [...classifierKinds.map(({ name }) => name), 'ensemble'];

const usage = `npm run evaluate -- --model DIR|pretrained --data DIR [--data DIR …] [--json]
npm run evaluate -- --baseline NAME|--config NAME --protocol grouped-cv|loso --data DIR [--data DIR …] [--json]
  --model DIR          folder of a model; pretrained is the one that ships
  --baseline NAME      ${baselineNames.join(', ')}
  --config NAME        a training configuration: ${trainingConfigs.map(({ name }) => name).join(', ')}
  --data DIR           a corpus: a folder with an index.csv, or with files named as in RAVDESS, EmoDB, CREMA-D, TESS
                       or SAVEE (repeatable)
  --protocol NAME      pooled: scores the data with the model's weights, in streaming mode (default)
                       grouped-cv: trains anew for each of 5 folds of speakers; loso: for each speaker
                       (--model: with the configuration that the model was trained with)
  --channel NAME       ${channelNames.join(', ')}
  --speakers NAMES     all, or names separated by commas; with pooled by default whoever had no part in the training
  --seconds N          only the first N seconds of speech of each clip
  --seeds LIST         of the training, separated by commas (default 1,2,3; 1 where nothing is random)
  --projection NAME    of a baseline's features: ${projectionNames.join(', ')}
  --engine NAME        ${engineKinds.join(' or ')} (pooled)
  --cache DIR          decoded features for --config (default .undertone/cache/features)
  --json               one JSON object instead of text`;

const options = {
  model: { type: 'string' },
  baseline: { type: 'string' },
  config: { type: 'string' },
  data: { type: 'string', multiple: true },
  protocol: { type: 'string', default: 'pooled' },
  channel: { type: 'string', default: 'clean' },
  speakers: { type: 'string' },
  seconds: { type: 'string' },
  seeds: { type: 'string' },
  projection: { type: 'string', default: 'none' },
  engine: { type: 'string', default: 'onnx' },
  cache: { type: 'string', default: '.undertone/cache/features' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean' },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const { model, baseline, config, data } = values;
  if (values.help || !data || [model, baseline, config].filter(Boolean).length !== 1) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const listening = { channel: oneOf('channel', values.channel, channelNames), seconds: secondsOf(values) };
  const protocol = oneOf('protocol', values.protocol, ['pooled', ...crossProtocols]);
  const report =
    protocol === 'pooled'
      ? await pooled(values, data, listening)
      : await crossValidated(values, data, protocol, listening);
  console.log(values.json ? JSON.stringify(report) : describeReport(report));
}

async function pooled(
  values: Values,
  data: readonly string[],
  listening: Listening,
): Promise<EvaluationReport> {
  if (!values.model)
    throw new Error('protocol pooled scores weights: give --model, or --protocol grouped-cv or loso');
  const { speakers = 'unseen' } = values;
  const engine: EngineKind = oneOf('engine', values.engine, engineKinds);
  const model = await readModel(folderOf(values.model));
  return evaluateModel(model, await Promise.all(data.map((folder) => readCorpus(folder))), {
    ...listening,
    engine,
    speakers: speakers === 'all' || speakers === 'unseen' ? speakers : speakers.split(','),
  });
}

async function crossValidated(
  values: Values,
  data: readonly string[],
  protocol: CrossProtocol,
  listening: Listening,
): Promise<CrossValidationReport> {
  const config = values.baseline ? null : await configOf(values);
  const read = await Promise.all(data.map((folder) => readCorpus(folder)));
  const labels = chosenLabels(
    config?.labels ?? 'data',
    ofSpeakers(
      read.flatMap(({ clips }) => clips),
      values.speakers,
    ),
  );
  const corpora = read.map((corpus) => withLabels(corpus, labels));
  const skipped = corpora.flatMap((corpus) => corpus.skipped);
  const clips = ofSpeakers(
    corpora.flatMap((corpus) => corpus.clips),
    values.speakers,
  );
  const projection: ProjectionName = oneOf('projection', values.projection, projectionNames);
  const trainer =
    config === null
      ? baselineTrainer(values.baseline!, projection, labels)
      : new NetworkTrainer(config, labels, values.cache);
  return validate(trainer, clips, skipped, protocol, seedsOf(values, trainer.random), listening);
}

async function validate(
  trainer: ClipTrainer<CorpusLabel>,
  clips: readonly Clip[],
  skipped: readonly SkippedClip[],
  protocol: CrossProtocol,
  seeds: readonly number[],
  listening: Listening,
): Promise<CrossValidationReport> {
  const report = await crossValidate(trainer, clips, protocol, seeds, listening, (fold, done, total) =>
    console.error(
      `${done}/${total}  seed ${fold.seed}  ${fold.test.join(' ')}: UAR ${fold.uar.toFixed(3)}, ${fold.n} clips`,
    ),
  );
  return { ...report, skipped: [...skipped, ...report.skipped] };
}

function baselineTrainer(
  name: string,
  projection: ProjectionName,
  labels: readonly CorpusLabel[],
): ClipTrainer<CorpusLabel> {
  const reader = new FunctionalsReader();
  const kinds = name === 'ensemble' ? classifierKinds : classifierKinds.filter((kind) => kind.name === name);
  if (kinds.length === 0)
    throw new Error(`there is no baseline ${name}; use one of ${baselineNames.join(', ')}`);
  const trainers = kinds.map((kind) => new ClassicalTrainer(kind, projection, labels, reader));
  return trainers.length === 1 ? trainers[0] : new EnsembleTrainer(trainers);
}

/** The named configuration, or that of the given model. */
async function configOf({ config, model }: Values): Promise<TrainingConfig> {
  if (model) {
    const { manifest } = await readModel(folderOf(model));
    const parsed = trainingConfigSchema.safeParse(manifest.training.config);
    if (parsed.success) return parsed.data;
    throw new Error(
      `${manifest.name} was trained with an older configuration, which can't be repeated: give --config`,
    );
  }
  const known = trainingConfigs.find(({ name }) => name === config);
  if (known === undefined) throw new Error(`there is no configuration ${config}`);
  return known;
}

function folderOf(model: string): string {
  return model === 'pretrained' ? pretrainedFolder : model;
}

function ofSpeakers(clips: Clip[], list = 'all'): Clip[] {
  if (list === 'all') return clips;
  const names = list.split(',');
  const unknown = names.filter((name) => !clips.some(({ speaker }) => speaker === name));
  if (unknown.length > 0) throw new Error(`the data has no speaker ${unknown.join(', ')}`);
  return clips.filter(({ speaker }) => names.includes(speaker));
}

function secondsOf({ seconds }: Values): number | undefined {
  if (seconds === undefined) return undefined;
  if (!(Number(seconds) > 0)) throw new Error('--seconds wants a number above 0');
  return Number(seconds);
}

function seedsOf({ seeds }: Values, random: boolean): number[] {
  if (seeds === undefined) return random ? [1, 2, 3] : [1];
  const numbers = seeds.split(',').map(Number);
  if (!numbers.every(Number.isInteger)) throw new Error('--seeds wants whole numbers separated by commas');
  return numbers;
}

function oneOf<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  if (names.includes(value as Name)) return value as Name;
  throw new Error(`${option} ${value} is not available; use ${names.join(', ')}`);
}
