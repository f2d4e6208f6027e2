import type { parseArgs } from 'node:util';
import { projectionNames } from '../classical/projection.ts';
import { engineKinds } from '../engine/emotion-engine.ts';
import { combinationNames } from '../evaluation/combination.ts';
import { precisions } from '../model/precision.ts';
import { type ChannelName, channelNames } from '../preprocessing/channel.ts';
import { type PreprocessingStep, preprocessingSteps } from '../preprocessing/preprocessing.ts';
import { trainingConfigs } from '../training/training-configs.ts';
import { baselineNames } from './trainer-choice.ts';

export const usage = `npm run evaluate -- --model DIR|pretrained --data DIR [--data DIR …] [--json]
npm run evaluate -- --baseline NAME|--config NAME|--ensemble NAMES --protocol grouped-cv|loso|cross-corpus --data DIR [--data DIR …] [--json]
npm run evaluate -- --ensemble-predictions DIR[,DIR …] [--ensemble-predictions DIR[,DIR …] …] [--json]
  --model DIR          folder of a model; pretrained is the one that ships
  --baseline NAME      ${baselineNames.join(', ')}; ensemble: all of these
  --config NAME        a training configuration: ${trainingConfigs.map(({ name }) => name).join(', ')}
  --ensemble NAMES     several baselines and configurations, separated by commas, as one; pca+svm is a baseline on a
                       projection
  --combine NAME       of an ensemble: ${combinationNames.join(', ')} (default mean)
  --bags K             trains every member K times, each time without one of five groups of the training speakers, which it
                       is chosen and calibrated by
  --teacher NAMES      of --config: baselines and configurations, combined, that teach it in every fold what they make of
                       voices they have not learned from; configurations want --bags 5
  --data DIR           a corpus: a folder with an index.csv, or with files named as in RAVDESS, EmoDB, CREMA-D, TESS
                       or SAVEE (repeatable)
  --auxiliary-data DIR a corpus that trains in every fold and is never scored (repeatable)
  --protocol NAME      pooled: scores the data with the model's weights, in streaming mode (default)
                       grouped-cv: trains anew for each of 5 folds of speakers; loso: for each speaker;
                       cross-corpus: for each corpus
                       (--model: with the configuration that the model was trained with)
  --folds LIST         only these folds, counted from 0, separated by commas: others may run in other processes
  --seeds LIST         of the training, separated by commas (default 1,2,3; 1 where nothing is random)
  --predictions DIR    keeps what each fold's model says, and takes up folds that are kept there already
  --fold-models DIR    keeps each fold's network, and takes up those that are kept there already: to score them in other
                       sessions and channels without training again
  --ensemble-predictions DIRS
                       scores kept predictions; separated by commas: parts of one cross-validation; repeated: its
                       members, which are combined
  --pool-seeds         with the above: every seed is a member
  --channel NAME       ${channelNames.join(', ')}, or all (repeatable: scores are those of the
                       first, the others are compared with it)
  --preprocess LIST    of ${preprocessingSteps.join(', ')}, separated by commas: what is done to whole recordings
                       before a baseline or an offline network hears them, in training and after it
  --moments LIST       also scores the answers after so many seconds of speech, separated by commas
  --session NAME       clip: each clip by itself, by a speaker never heard before (default)
                       call: a speaker's clips one after the other, so that the normalisation knows the voice
  --speakers NAMES     all, or names separated by commas; with pooled by default whoever had no part in the training
  --without NAMES      leaves these speakers out of a cross-validation, separated by commas
  --seconds N          only the first N seconds of speech of each clip
  --projection NAME    of a baseline's features: ${projectionNames.join(', ')}
  --engine NAME        ${engineKinds.join(', ')} (pooled)
  --precision NAME     of the model's weights: ${precisions.join(', ')} (pooled)
  --cache DIR          decoded features for --config (default .undertone/cache/features)
  --report DIR         also writes report.json and report.html there
  --json               one JSON object instead of text`;

export const options = {
  model: { type: 'string' },
  baseline: { type: 'string' },
  config: { type: 'string' },
  ensemble: { type: 'string' },
  teacher: { type: 'string' },
  combine: { type: 'string', default: 'mean' },
  bags: { type: 'string', default: '1' },
  data: { type: 'string', multiple: true },
  'auxiliary-data': { type: 'string', multiple: true },
  protocol: { type: 'string', default: 'pooled' },
  folds: { type: 'string' },
  seeds: { type: 'string' },
  predictions: { type: 'string' },
  'fold-models': { type: 'string' },
  'ensemble-predictions': { type: 'string', multiple: true },
  'pool-seeds': { type: 'boolean', default: false },
  channel: { type: 'string', multiple: true },
  preprocess: { type: 'string' },
  moments: { type: 'string' },
  speakers: { type: 'string' },
  without: { type: 'string' },
  seconds: { type: 'string' },
  session: { type: 'string', default: 'clip' },
  projection: { type: 'string', default: 'none' },
  engine: { type: 'string', default: 'onnx' },
  precision: { type: 'string', default: 'float32' },
  cache: { type: 'string', default: '.undertone/cache/features' },
  report: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean' },
} as const;
export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** @throws Error naming what there is */
export function oneOf<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  if (names.includes(value as Name)) return value as Name;
  throw new Error(`${option} ${value} is not available; use ${names.join(', ')}`);
}

/** @throws Error when it is no number above 0 */
export function secondsOf({ seconds }: Values): number | undefined {
  if (seconds === undefined) return undefined;
  if (!(Number(seconds) > 0)) throw new Error('--seconds wants a number above 0');
  return Number(seconds);
}

/** The channels named, without repetition. @throws Error when there is none of a name */
export function channelsOf({ channel = ['clean'] }: Values): ChannelName[] {
  if (channel.includes('all')) return [...channelNames];
  return [...new Set(channel.map((name) => oneOf('channel', name, channelNames)))];
}

/** @throws Error when there is no step of a name */
export function stepsNamed({ preprocess }: Values): PreprocessingStep[] {
  if (preprocess === undefined) return [];
  return preprocess.split(',').map((name) => oneOf('preprocess', name, preprocessingSteps));
}

/** In seconds of speech. @throws Error when one of them is no number above 0 */
export function momentsOf({ moments }: Values): number[] {
  if (moments === undefined) return [];
  const seconds = moments.split(',').map(Number);
  if (seconds.every((moment) => moment > 0)) return seconds;
  throw new Error('--moments wants numbers above 0, separated by commas');
}

/** @throws Error when one of them is no whole number from `smallest` on */
export function wholeNumbers(option: string, list: string, smallest: number): number[] {
  const numbers = list.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (numbers.every((number) => Number.isInteger(number) && number >= smallest)) return numbers;
  throw new Error(`--${option} wants whole numbers from ${smallest} on, separated by commas`);
}
