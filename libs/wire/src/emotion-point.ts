import { z } from 'zod';
import { expressions } from './expression.ts';
import { pointStates } from './point-state.ts';

export const pointStateSchema = z.enum(pointStates);

const unitInterval = z.number().min(0).max(1);
const signedUnitInterval = z.number().min(-1).max(1);
const deviations = z.number().min(-4).max(4);

/** One judgement of one speaker's voice. */
export const emotionPointSchema = z.object({
  /** Capture time of the newest sample judged: wall clock, milliseconds since the Unix epoch. */
  atMs: z.number(),
  state: pointStateSchema,
  /** Posterior of each of `expressions`, summing to 1; null in silence. */
  probabilities: z.array(unitInterval).length(expressions.length).nullable(),
  /** Unpleasant −1 … pleasant +1; null in silence. */
  valence: signedUnitInterval.nullable(),
  /** Drowsy −1 … excited +1; null in silence. */
  arousal: signedUnitInterval.nullable(),
  /** How far to trust this point: falls with little speech, concealed audio and an undecided posterior; 0 in silence. */
  confidence: unitInterval,
  /**
   * How far valence and arousal are from what is usual for this speaker, in standard deviations of the speaker's own
   * earlier points of speech, limited to ±4. Absent or null in points other than `speech`, and for a speaker's first
   * 20 s of speech, when nothing is usual yet. The usual is the running mean over at most about ten minutes of speech;
   * a deviation below 0.05 counts as 0.05.
   */
  change: z.object({ valence: deviations, arousal: deviations }).nullable().optional(),
});
export type EmotionPoint = z.infer<typeof emotionPointSchema>;
