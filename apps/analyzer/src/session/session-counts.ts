import type { PointState } from '@undertone/wire';

/** What all sessions together have counted since the start; read by the metrics. */
export class SessionCounts {
  /** Steps that gave way to newer ones because the model could not keep up. */
  droppedSteps = 0;
  /** Steps without speech, which the model never saw. */
  silentSteps = 0;
  /** Points that were never made because the model could not keep up. */
  droppedPoints = 0;
  /** Points withheld because the capture clock went back. */
  pointsOutOfOrder = 0;
  /** Frames that came late or twice. */
  staleFrames = 0;
  /** Frames that never came. */
  missingFrames = 0;
  concealedSamples = 0;
  /** Points made, by state. */
  readonly points: Record<PointState, number> = { speech: 0, 'warming-up': 0, silence: 0, concealed: 0 };
}
