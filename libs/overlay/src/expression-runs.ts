import type { PointHistory } from '@undertone/wire';
import { type Expression, expressions, type PointState, pointStates } from '@undertone/wire';

/** Points further apart than this have nothing between them: the analyzer was away. */
export const longestStepMs = 2_000;
const speech = pointStates.indexOf('speech');

/** A stretch in which state and likeliest expression stay the same. */
export interface ExpressionRun {
  startMs: number;
  endMs: number;
  state: PointState;
  /** null where the state carries no judgement of its own: silence and lost audio. */
  expression: Expression | null;
  /** Mean over the run. */
  confidence: number;
}

/** Capture time from which point `i` is drawn: it judges the audio that ended at its own time. */
export function startOfPoint(history: PointHistory, i: number): number {
  const atMs = history.atMs[i];
  const beforeMs = i > history.start ? history.atMs[i - 1] : Number.NEGATIVE_INFINITY;
  if (atMs - beforeMs <= longestStepMs) return beforeMs;
  const nextMs = i + 1 < history.end ? history.atMs[i + 1] : atMs + 250;
  return atMs - Math.min(250, nextMs - atMs);
}

/** The runs of the points `first` … `last − 1`, oldest first. */
export function expressionRuns(history: PointHistory, first: number, last: number): ExpressionRun[] {
  const runs: ExpressionRun[] = [];
  let points = 0;
  for (let i = first; i < last; i++) {
    const startMs = startOfPoint(history, i);
    const state = history.state[i];
    const judged = pointStates[state] === 'speech' || pointStates[state] === 'warming-up';
    const likeliest = judged ? history.likeliest(i) : -1;
    const expression = likeliest < 0 ? null : expressions[likeliest];
    const run = runs.at(-1);
    if (run && run.endMs === startMs && run.state === pointStates[state] && run.expression === expression) {
      run.endMs = history.atMs[i];
      points++;
      run.confidence += (history.confidence[i] - run.confidence) / points;
    } else {
      points = 1;
      runs.push({
        startMs,
        endMs: history.atMs[i],
        state: pointStates[state],
        expression,
        confidence: history.confidence[i],
      });
    }
  }
  return runs;
}

/** Share of each expression in the speech of a history's last `spanMs`, largest first, for reading aloud. */
export function expressionShares(
  history: PointHistory,
  spanMs: number,
): { expression: Expression; share: number }[] {
  const counts = new Map<number, number>();
  let spoken = 0;
  for (let i = history.indexAfter(history.lastAtMs - spanMs); i < history.end; i++) {
    if (history.state[i] !== speech) continue;
    const likeliest = history.likeliest(i);
    if (likeliest < 0) continue;
    counts.set(likeliest, (counts.get(likeliest) ?? 0) + 1);
    spoken++;
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([index, count]) => ({ expression: expressions[index], share: count / spoken }));
}
