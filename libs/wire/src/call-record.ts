import { z } from 'zod';
import { emotionPointSchema } from './emotion-point.ts';
import { identifierSchema, speakerSchema } from './speaker.ts';

/**
 * One call as the history keeps it. A call identifier may come back another day; `recordId` names this one call.
 * Times are wall clock, milliseconds since the Unix epoch.
 */
export const callRecordSchema = z.object({
  recordId: z.uuid(),
  callId: identifierSchema,
  startedAtMs: z.number(),
  /** null while the call is live. */
  endedAtMs: z.number().nullable(),
  /** Everyone who is or was in the call, in the order in which they joined; `leftAtMs` is null for those present. */
  speakers: z.array(z.object({ speaker: speakerSchema, leftAtMs: z.number().nullable() })),
});
export type CallRecord = z.infer<typeof callRecordSchema>;

/** Part of a list; `next` is the `cursor` of the request for the part that follows, null after the last. */
export const callRecordPageSchema = z.object({
  calls: z.array(callRecordSchema),
  next: z.string().nullable(),
});
export type CallRecordPage = z.infer<typeof callRecordPageSchema>;

/**
 * Points of one speaker, oldest first. With `stepMs` each is the mean of the points of one step, at the time of the
 * newest of them, in the state that most of them have.
 */
export const pointPageSchema = z.object({
  points: z.array(emotionPointSchema),
  /** `afterMs` of the request for the points that follow; null after the last. */
  next: z.number().nullable(),
});
export type PointPage = z.infer<typeof pointPageSchema>;
