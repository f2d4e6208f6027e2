import { Problem } from '@undertone/http';
import { CallError, type CallErrorCode } from '../calls/call-error.ts';

const statuses: Partial<Record<CallErrorCode, number>> = {
  'call-full': 409,
  'speaker-exists': 409,
  'speaker-not-found': 404,
  'media-unavailable': 503,
};

/** A `CallError` as the REST interface answers it; null for other errors and for those that no request can cause. */
export function callProblem(error: unknown): Problem | null {
  const status = error instanceof CallError ? statuses[error.code] : undefined;
  if (!(error instanceof CallError) || status === undefined) return null;
  return new Problem(status, error.code, error.message);
}
