/** What was heard of one speaker during the audio of one point. */
export interface AudioWindow {
  /** Capture time of the end of the window: wall clock, milliseconds since the Unix epoch. */
  atMs: number;
  /** Steps the model must have settled before the point can be made: `StepQueue.pushed` at the end of the window. */
  afterSteps: number;
  /** Steps with speech in them. */
  speechSteps: number;
  /** Share of the audio that was made up or lost, 0 … 1. */
  concealedShare: number;
}
