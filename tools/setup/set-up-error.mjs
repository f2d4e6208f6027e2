/** A reason why set-up cannot go on. The message is for the user and says what to do; it is shown without a stack. */
export class SetUpError extends Error {
  /** @override */
  name = 'SetUpError';
}
