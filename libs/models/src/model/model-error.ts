/** Why a model was refused or could not run. Stable: health pages and logs rely on these codes. */
export type ModelErrorCode =
  | 'model-missing'
  | 'manifest-malformed'
  | 'hash-mismatch'
  | 'shape-mismatch'
  | 'feature-spec-unsupported'
  | 'labels-unsupported'
  | 'precision-unavailable'
  | 'model-offline'
  | 'engine-unavailable'
  | 'batch-malformed';

/** A model that can't be used as it is; the message says what to do. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}
