import { decision, type JudgedClip } from './judged-clip.ts';
import { calibrationError, reliabilityBins } from './reliability.ts';

/** Scores of a set of clips. Classes that no clip has are left out of every mean over classes. */
export interface Scores {
  /** Unweighted average recall: the mean over classes of the share of its clips that were found. */
  uar: number;
  accuracy: number;
  macroF1: number;
  /** Mean of the classes' F1, each weighted by its clips. */
  weightedF1: number;
  /** Expected calibration error of the winning probability, 15 equal bins (Guo et al. 2017). */
  ece: number;
  /** Per class; null for a class that is not in the data. */
  recall: (number | null)[];
  /** Per class; null for a class that was never decided. */
  precision: (number | null)[];
  /** [true][decided] counts; the last column holds clips without an answer. */
  confusion: number[][];
}

export function scoresOf(clips: readonly JudgedClip[], classes: number): Scores {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0));
  let correct = 0;
  for (const clip of clips) {
    const decided = decision(clip);
    confusion[clip.label][decided === -1 ? classes : decided]++;
    if (decided === clip.label) correct++;
  }
  const recall: (number | null)[] = [];
  const precision: (number | null)[] = [];
  const f1: number[] = [];
  let weightedF1 = 0;
  for (let c = 0; c < classes; c++) {
    const actual = confusion[c].reduce((sum, n) => sum + n, 0);
    const decided = confusion.reduce((sum, row) => sum + row[c], 0);
    recall.push(actual === 0 ? null : confusion[c][c] / actual);
    precision.push(decided === 0 ? null : confusion[c][c] / decided);
    if (actual === 0) continue;
    const own = (2 * confusion[c][c]) / (actual + decided);
    f1.push(own);
    weightedF1 += (own * actual) / clips.length;
  }
  return {
    uar: mean(recall.filter((value) => value !== null)),
    accuracy: correct / clips.length,
    macroF1: mean(f1),
    weightedF1,
    ece: calibrationError(reliabilityBins(clips)),
    recall,
    precision,
    confusion,
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
