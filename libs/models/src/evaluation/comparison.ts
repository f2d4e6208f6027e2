import { type Estimate, estimateScores, percentileEstimate } from './bootstrap.ts';
import type { JudgedClip } from './judged-clip.ts';
import { resamples } from './resample.ts';
import { scoresOf } from './scores.ts';

const compared = ['uar', 'accuracy'] as const;

/** Scores of clips heard in another way, and their ratio to those of the same clips heard as usual. */
export interface Comparison {
  uar: Estimate;
  accuracy: Estimate;
  ece: Estimate;
  ratio: Record<(typeof compared)[number], Estimate>;
}

/**
 * Each resample of the bootstrap draws the same clips for both, so that what is hard for both does not widen the
 * interval of the ratio.
 * @param usual [n] clips as usual
 * @param other [n] the same clips in the same order, heard in another way
 */
export function compare(
  usual: readonly JudgedClip[],
  other: readonly JudgedClip[],
  classes: number,
): Comparison {
  const ratios = (one: readonly JudgedClip[], two: readonly JudgedClip[]) => {
    const [before, after] = [scoresOf(one, classes), scoresOf(two, classes)];
    return compared.map((name) => after[name] / Math.max(before[name], Number.MIN_VALUE));
  };
  const samples: number[][] = [];
  for (const drawn of resamples(usual))
    samples.push(
      ratios(
        drawn.map((i) => usual[i]),
        drawn.map((i) => other[i]),
      ),
    );
  const measured = ratios(usual, other);
  const ratio = compared.map((name, k) => [
    name,
    percentileEstimate(
      measured[k],
      samples.map((own) => own[k]),
    ),
  ]);
  const { uar, accuracy, ece } = estimateScores(other, classes);
  return { uar, accuracy, ece, ratio: Object.fromEntries(ratio) };
}
