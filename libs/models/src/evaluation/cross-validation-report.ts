import type { SkippedClip } from '../corpus/clip.ts';
import { uncalibrated } from './judged-clip.ts';
import type { JudgedFold } from './judged-fold.ts';
import { type ListeningReport, reportListening } from './listening-report.ts';
import type { PredictionSource } from './prediction-source.ts';
import { reportScores, type ScoreReport } from './score-report.ts';
import { scoresOf } from './scores.ts';

interface Spread {
  mean: number;
  /** Standard deviation, n − 1. */
  deviation: number;
}

/** How good one fold's model is on its test speakers. */
export interface FoldScores {
  n: number;
  uar: number;
  accuracy: number;
}

/** What `npm run evaluate -- --protocol grouped-cv|loso --json` prints. */
export interface CrossValidationReport extends ScoreReport, ListeningReport {
  model: string;
  protocol: PredictionSource['protocol'];
  channel: string;
  seconds: number | null;
  session: PredictionSource['session'];
  seeds: readonly number[];
  /** How many folds the protocol makes of the data; scores are over those judged. */
  foldCount: number;
  /** One entry for each fold and seed that was judged. */
  folds: (Omit<JudgedFold, 'heard' | 'validation' | 'skipped'> & FoldScores)[];
  /** Of the UAR within folds, seeds averaged; a fold's UAR is over the classes that its test speakers have. */
  overFolds: Spread;
  /** Of the UAR over all folds. */
  overSeeds: Spread;
  skipped: SkippedClip[];
}

/**
 * Scores over the clips of all folds together, with intervals over speakers, then clips.
 * @throws Error when a fold is missing under one seed that is there under another
 */
export function reportFolds(
  { model, labels, protocol, folds: foldCount, channels, seconds, session, moments }: PredictionSource,
  folds: readonly JudgedFold[],
): CrossValidationReport {
  const bySeed = [...Map.groupBy(folds, ({ seed }) => seed)].sort(([a], [b]) => a - b);
  const numbers = [...new Set(folds.map(({ fold }) => fold))].sort((a, b) => a - b);
  for (const [seed, own] of bySeed)
    for (const fold of numbers)
      if (own.filter((one) => one.fold === fold).length !== 1)
        throw new Error(
          `fold ${fold} of seed ${seed} should be there once: judge the same folds under every seed`,
        );
  const scored = folds.map((judged) => {
    const { heard: _heard, validation: _validation, skipped: _skipped, ...fold } = judged;
    return { ...fold, ...foldScores(judged, labels.length) };
  });
  const skipped = new Map(folds.flatMap((fold) => fold.skipped).map((clip) => [clip.file, clip]));
  const foldMeans = numbers.map((fold) =>
    mean(scored.filter((own) => own.fold === fold).map(({ uar }) => uar)),
  );
  const before = folds.flatMap((fold) => judgedOf(fold).map((clip) => uncalibrated(clip, fold.temperature)));
  return {
    model,
    protocol,
    channel: channels[0],
    seconds,
    session,
    seeds: bySeed.map(([seed]) => seed),
    ...reportScores(folds.flatMap(judgedOf), before, labels, bySeed.length),
    ...reportListening(
      channels.map((channel, i) => ({ channel, judged: folds.flatMap(({ heard }) => heard[i].judged) })),
      moments,
      labels.length,
    ),
    overFolds: spread(foldMeans),
    overSeeds: spread(bySeed.map(([, own]) => scoresOf(own.flatMap(judgedOf), labels.length).uar)),
    foldCount,
    folds: scored,
    skipped: [...skipped.values()],
  };
}

/** Over the classes that the test speakers have. */
export function foldScores(fold: JudgedFold, classes: number): FoldScores {
  const { uar, accuracy } = scoresOf(judgedOf(fold), classes);
  return { n: judgedOf(fold).length, uar, accuracy };
}

const judgedOf = ({ heard }: JudgedFold) => heard[0].judged;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function spread(values: readonly number[]): Spread {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
