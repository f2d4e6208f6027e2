import { Problem } from '@undertone/http';
import { HistoryError } from './history-store.ts';

/** What the history's errors are to those who asked; null for other errors. */
export function historyProblem(error: unknown): Problem | null {
  if (!(error instanceof HistoryError)) return null;
  if (error.code === 'cursor-malformed') return new Problem(400, error.code, error.message);
  // The reason may name files of this machine: it is in the log and in /health.
  return new Problem(
    503,
    'history-unavailable',
    'the history does not answer: /health says why; try again later',
  );
}
