import type { Clip, SkippedClip } from '../corpus/clip.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import { type CrossProtocol, foldsOf } from './folds.ts';
import type { JudgedClip } from './judged-clip.ts';
import { reportScores, type ScoreReport } from './score-report.ts';
import { scoresOf } from './scores.ts';
import type { Listening } from './stream-clips.ts';

interface Spread {
  mean: number;
  /** Standard deviation, n − 1. */
  deviation: number;
}

/** What `npm run evaluate -- --protocol grouped-cv|loso --json` prints. */
export interface CrossValidationReport extends ScoreReport {
  model: string;
  protocol: CrossProtocol;
  channel: string;
  seconds: number | null;
  seeds: readonly number[];
  /** One entry for each fold and seed. */
  folds: {
    fold: number;
    seed: number;
    training: string[];
    test: string[];
    n: number;
    uar: number;
    accuracy: number;
    /** What was chosen on the training speakers. */
    chosen: Record<string, unknown>;
  }[];
  /** Of the UAR within folds, seeds averaged; a fold's UAR is over the classes that its test speakers have. */
  overFolds: Spread;
  /** Of the UAR over all folds. */
  overSeeds: Spread;
  skipped: SkippedClip[];
}

/**
 * Trains on all speakers but a fold's and scores those, fold by fold and seed by seed. Every clip is scored once a seed;
 * the scores are over the clips of all folds together, and their intervals over speakers, then clips.
 * @param onFold called after each fold of each seed
 */
export async function crossValidate<Label extends string>(
  trainer: ClipTrainer<Label>,
  clips: readonly Clip<Label>[],
  protocol: CrossProtocol,
  seeds: readonly number[],
  listening: Listening,
  onFold: (fold: CrossValidationReport['folds'][number], done: number, total: number) => void,
): Promise<CrossValidationReport> {
  const folds: CrossValidationReport['folds'] = [];
  const bySeed: JudgedClip[][] = [];
  const skipped = new Map<string, SkippedClip>();
  const testSpeakers = foldsOf(protocol, clips);
  for (const seed of seeds) {
    const judgedOfSeed: JudgedClip[] = [];
    for (const [fold, test] of testSpeakers.entries()) {
      const training = clips.filter(({ speaker }) => !test.includes(speaker));
      const scorer = await trainer.fit(training, seed);
      try {
        const result = await scorer.score(
          clips.filter(({ speaker }) => test.includes(speaker)),
          listening,
        );
        for (const clip of result.skipped) skipped.set(clip.file, clip);
        if (result.judged.length === 0) throw new Error(`no clip of ${test.join(', ')} could be read`);
        judgedOfSeed.push(...result.judged);
        const { uar, accuracy } = scoresOf(result.judged, trainer.labels.length);
        folds.push({
          fold,
          seed,
          training: [...new Set(training.map(({ speaker }) => speaker))].sort(),
          test,
          n: result.judged.length,
          uar,
          accuracy,
          chosen: scorer.chosen,
        });
        onFold(folds.at(-1)!, folds.length, seeds.length * testSpeakers.length);
      } finally {
        await scorer.close();
      }
    }
    bySeed.push(judgedOfSeed);
  }
  const foldMeans = testSpeakers.map((_, fold) =>
    mean(folds.filter((own) => own.fold === fold).map(({ uar }) => uar)),
  );
  return {
    model: trainer.name,
    protocol,
    channel: listening.channel ?? 'clean',
    seconds: listening.seconds ?? null,
    seeds,
    ...reportScores(bySeed.flat(), trainer.labels, seeds.length),
    overFolds: spread(foldMeans),
    overSeeds: spread(bySeed.map((judged) => scoresOf(judged, trainer.labels.length).uar)),
    folds,
    skipped: [...skipped.values()],
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function spread(values: readonly number[]): Spread {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
