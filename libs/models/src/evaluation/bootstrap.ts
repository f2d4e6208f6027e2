import type { JudgedClip } from './judged-clip.ts';
import { replicates, resamples } from './resample.ts';
import { type Scores, scoresOf } from './scores.ts';

/** A measured value with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

const estimated = ['uar', 'accuracy', 'macroF1', 'weightedF1', 'ece'] as const;
export type EstimatedScores = Record<(typeof estimated)[number], Estimate>;

/** Percentile bootstrap over speakers, then clips: see `resamples`. */
export function estimateScores(clips: readonly JudgedClip[], classes: number): EstimatedScores {
  const samples = Array.from(resamples(clips), (drawn) =>
    scoresOf(
      drawn.map((i) => clips[i]),
      classes,
    ),
  );
  return estimatesOf(scoresOf(clips, classes), samples);
}

/** @param samples scores of the resamples */
export function estimatesOf(measured: Scores, samples: readonly Scores[]): EstimatedScores {
  return Object.fromEntries(
    estimated.map((name) => {
      const value = measured[name];
      const values = samples.map((scores) => scores[name]);
      // The noise of a resample counts as miscalibration: its ECE is biased upwards, by about as much as this.
      const bias = name === 'ece' ? values.toSorted((a, b) => a - b)[replicates / 2] - value : 0;
      const unbiased = values.map((own) => Math.max(0, own - bias));
      return [name, percentileEstimate(value, unbiased)];
    }),
  ) as EstimatedScores;
}

/** The middle 95 % of what the resamples gave. */
export function percentileEstimate(value: number, samples: readonly number[]): Estimate {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { value, low: at(0.025), high: at(0.975) };
}
