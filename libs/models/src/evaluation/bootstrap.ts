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
const estimated = ['uar', 'accuracy', 'macroF1', 'ece'] as const;
export type EstimatedScores = Record<(typeof estimated)[number], Estimate>;

/**
 * Percentile bootstrap in two stages, speakers and then their clips (Davison & Hinkley 1997, §3.8): clips of one
 * speaker are alike, and counting them as independent would make the interval too narrow.
 */
export function estimateScores(clips: readonly JudgedClip[], classes: number): EstimatedScores {
  const speakers = [...Map.groupBy(clips, ({ speaker }) => speaker).values()];
  const random = new SeededRandom(seed);
  const samples: Scores[] = [];
  for (let i = 0; i < replicates; i++) {
    const sample: JudgedClip[] = [];
    for (let s = 0; s < speakers.length; s++) {
      const own = speakers[random.integer(speakers.length)];
      for (let k = 0; k < own.length; k++) sample.push(own[random.integer(own.length)]);
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
