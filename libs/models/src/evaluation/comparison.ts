import { type Estimate, estimatesOf, percentileEstimate } from './bootstrap.ts';
import type { JudgedClip } from './judged-clip.ts';
import { resamples } from './resample.ts';
import { scoresOf } from './scores.ts';

/** Scores of clips heard in another way, and their ratio to those of the same clips heard as usual. */
export interface Comparison {
  uar: Estimate;
  accuracy: Estimate;
  ece: Estimate;
  ratio: Record<'uar' | 'accuracy', Estimate>;
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
  const measured = { before: scoresOf(usual, classes), after: scoresOf(other, classes) };
  const samples = Array.from(resamples(usual), (drawn) => ({
    before: scoresOf(
      drawn.map((i) => usual[i]),
      classes,
    ),
    after: scoresOf(
      drawn.map((i) => other[i]),
      classes,
    ),
  }));
  const ratioOf = (name: 'uar' | 'accuracy') => {
    const of = ({ before, after }: typeof measured) => after[name] / Math.max(before[name], Number.MIN_VALUE);
    return percentileEstimate(of(measured), samples.map(of));
  };
  const { uar, accuracy, ece } = estimatesOf(
    measured.after,
    samples.map(({ after }) => after),
  );
  return { uar, accuracy, ece, ratio: { uar: ratioOf('uar'), accuracy: ratioOf('accuracy') } };
}
