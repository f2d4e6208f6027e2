/** Why a message was refused. Stable: clients and metrics rely on these codes. */
export type WireErrorCode =
  | 'frame-truncated'
  | 'frame-oversized'
  | 'frame-malformed'
  | 'frame-version'
  | 'message-malformed';

/** A message from another process that breaks the contract. The receiver counts it by `code` and goes on. */
export class WireError extends Error {
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.name = 'WireError';
    this.code = code;
  }
}
