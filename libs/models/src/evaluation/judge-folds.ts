import type { Clip } from '../corpus/clip.ts';
import type { ChannelName } from '../preprocessing/channel.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import { type CrossProtocol, foldsOf } from './folds.ts';
import type { JudgedFold } from './judged-fold.ts';
import { inOrderOf } from './listening-report.ts';
import type { SessionName } from './session.ts';

/** What a cross-validation does. */
export interface CrossPlan {
  protocol: CrossProtocol;
  seeds: readonly number[];
  /** Only these folds, counted from 0; all unless said otherwise. */
  folds?: readonly number[] | undefined;
  /** What the test clips go through, one after the other. */
  channels: readonly ChannelName[];
  /** Only the first seconds of speech of each test clip. */
  seconds?: number | undefined;
  /** How clips follow each other; `clip` unless said otherwise. */
  session?: SessionName | undefined;
  /** Answers that are asked for on the way, after so many seconds of speech. */
  moments: readonly number[];
  /** Whether training speakers are judged too, by models that did not learn from them. */
  validation: boolean;
}

/** A fold of the plan under a seed. */
export interface PlannedFold {
  fold: number;
  seed: number;
  test: string[];
}

/**
 * The folds of a plan, seed by seed.
 * @throws Error when there are too few speakers, or no such fold
 */
export function planFolds(
  clips: readonly Pick<Clip, 'dataset' | 'speaker'>[],
  { protocol, seeds, folds }: Pick<CrossPlan, 'protocol' | 'seeds' | 'folds'>,
): PlannedFold[] {
  const all = foldsOf(protocol, clips);
  const unknown = folds?.filter((fold) => all[fold] === undefined) ?? [];
  if (unknown.length > 0)
    throw new Error(`there is no fold ${unknown.join(', ')}: they are counted from 0 to ${all.length - 1}`);
  return seeds.flatMap((seed) => (folds ?? [...all.keys()]).map((fold) => ({ fold, seed, test: all[fold] })));
}

/**
 * Trains on all speakers but a fold's and scores those.
 * @throws Error when none of the fold's clips can be read
 */
export async function judgeFold<Label extends string>(
  trainer: ClipTrainer<Label>,
  clips: readonly Clip<Label>[],
  { fold, seed, test }: PlannedFold,
  { protocol, channels, seconds, session, moments, validation }: CrossPlan,
): Promise<JudgedFold> {
  const [tested, training] = [true, false].map((isTest) =>
    clips.filter(({ speaker }) => test.includes(speaker) === isTest),
  );
  // What another corpus alone has can't have been learned.
  const learned = new Set(training.map(({ label }) => label));
  const own = tested.filter(({ label }) => protocol !== 'cross-corpus' || learned.has(label));
  const scorer = await trainer.fit(training, seed);
  try {
    const heard: JudgedFold['heard'] = [];
    const skipped: JudgedFold['skipped'] = tested
      .filter((clip) => !own.includes(clip))
      .map(({ file, label }) => ({ file, reason: `no other corpus has ${label}` }));
    for (const channel of channels) {
      const result = await scorer.score(own, { channel, seconds, session, moments });
      if (result.judged.length === 0) throw new Error(`no clip of ${test.join(', ')} could be read`);
      heard.push({ channel, judged: inOrderOf(heard[0]?.judged ?? result.judged, result.judged) });
      if (heard.length === 1) skipped.push(...result.skipped);
    }
    return {
      fold,
      seed,
      training: [...new Set(training.map(({ speaker }) => speaker))].sort(),
      test,
      chosen: scorer.chosen,
      temperature: scorer.temperature,
      heard,
      validation: validation ? [...(await scorer.validation())] : [],
      skipped,
    };
  } finally {
    await scorer.close();
  }
}
