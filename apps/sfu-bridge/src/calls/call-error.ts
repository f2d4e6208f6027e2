import type { SignallingErrorCode } from '@undertone/wire';

export type CallErrorCode = SignallingErrorCode | 'speaker-exists' | 'speaker-not-found';

/** A request about a call that can't be met. `code` is stable, `message` says what to do. */
export class CallError extends Error {
  readonly code: CallErrorCode;

  constructor(code: CallErrorCode, message: string) {
    super(message);
    this.name = 'CallError';
    this.code = code;
  }
}
