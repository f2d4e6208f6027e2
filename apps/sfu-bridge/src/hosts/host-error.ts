import type { TapRefusalCode } from '@undertone/wire';

/** A request of a host that can't be met. `code` is stable, `message` says what to do. */
export class HostError extends Error {
  readonly code: TapRefusalCode;

  constructor(code: TapRefusalCode, message: string) {
    super(message);
    this.name = 'HostError';
    this.code = code;
  }
}
