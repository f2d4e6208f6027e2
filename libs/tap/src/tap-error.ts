/**
 * What goes wrong at a tap. Thrown for wrong use (the first group), told by the event `problem` or `disconnected` else.
 * A code that the bridge gives, and that is not listed here, is passed on.
 */
export type TapErrorCode =
  | 'option-wrong'
  | 'tap-closed'
  | 'call-exists'
  | 'call-closed'
  | 'speaker-malformed'
  | 'speaker-exists'
  | 'producer-unsupported'
  // The connection.
  | 'bridge-unreachable'
  | 'bridge-unresponsive'
  | 'disconnected'
  | 'tap-disabled'
  | 'token-wrong'
  | 'protocol-unsupported'
  // Media.
  | 'media-failed'
  | 'media-unreachable'
  | (string & {});

/** `code` is stable, `message` says what to do. */
export class TapError extends Error {
  readonly code: TapErrorCode;

  constructor(code: TapErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TapError';
    this.code = code;
  }
}
