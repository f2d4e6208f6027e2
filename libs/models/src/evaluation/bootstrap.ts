import { SeededRandom } from '../seeded-random.ts';
import type { JudgedClip } from './judged-clip.ts';
import { type Scores, scoresOf } from './scores.ts';

/** A measured value with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

const replicates = 1_000;
const seed = 20_260;
/** With fewer, the speakers say nothing of other speakers, and only their clips are drawn. */
const enoughSpeakers = 3;
const estimated = ['uar', 'accuracy', 'macroF1', 'weightedF1', 'ece'] as const;
export type EstimatedScores = Record<(typeof estimated)[number], Estimate>;

/**
 * Percentile bootstrap in two stages, speakers and then their clips (Davison & Hinkley 1997, §3.8): clips of one
 * speaker are alike, and counting them as independent would make the interval too narrow. Judgements of the same clip
 * under several seeds are drawn together. With one or two speakers only clips are drawn: the interval is then
 * for these voices alone.
 */
export function estimateScores(clips: readonly JudgedClip[], classes: number): EstimatedScores {
  const speakers = [...Map.groupBy(clips, ({ speaker }) => speaker).values()].map((own) => [
    ...Map.groupBy(own, ({ file }) => file).values(),
  ]);
  const random = new SeededRandom(seed);
  const samples: Scores[] = [];
  for (let i = 0; i < replicates; i++) {
    const sample: JudgedClip[] = [];
    for (const same of speakers) {
      const own = speakers.length < enoughSpeakers ? same : speakers[random.integer(speakers.length)];
      for (let k = 0; k < own.length; k++) sample.push(...own[random.integer(own.length)]);
    }
    samples.push(scoresOf(sample, classes));
  }
  const measured = scoresOf(clips, classes);
  return Object.fromEntries(
    estimated.map((name) => {
      const value = measured[name];
      const sorted = samples.map((scores) => scores[name]).sort((a, b) => a - b);
      // The noise of a resample counts as miscalibration: its ECE is biased upwards, by about as much as this.
      const bias = name === 'ece' ? sorted[replicates / 2] - value : 0;
      const at = (share: number) => Math.max(0, sorted[Math.round(share * (replicates - 1))] - bias);
      return [name, { value, low: at(0.025), high: at(0.975) }];
    }),
  ) as EstimatedScores;
}
