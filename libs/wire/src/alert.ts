import { z } from 'zod';
import { alertConditionSchema, alertSeveritySchema } from './alert-rule.ts';
import { identifierSchema } from './speaker.ts';

/** One time that a rule fired. Times are wall clock, milliseconds since the Unix epoch; those of speech are capture time. */
export const alertSchema = z.object({
  alertId: z.uuid(),
  ruleId: identifierSchema,
  ruleName: z.string(),
  severity: alertSeveritySchema,
  /** The condition as it was when the rule fired. */
  condition: alertConditionSchema,
  recordId: z.uuid(),
  callId: identifierSchema,
  /** null where the rule is about the call as a whole. */
  speakerId: identifierSchema.nullable(),
  firedAtMs: z.number(),
  /** The evidence: from the first point that counted to the last; `untilMs` is null while it lasts. */
  fromMs: z.number(),
  untilMs: z.number().nullable(),
  acknowledgedAtMs: z.number().nullable(),
  /** Nobody wants to be reminded before. */
  snoozedUntilMs: z.number().nullable(),
  notes: z.array(z.object({ atMs: z.number(), text: z.string() })),
});
export type Alert = z.infer<typeof alertSchema>;

/** Part of a list, the newest first; `next` is the `cursor` of the request for the part that follows. */
export const alertPageSchema = z.object({ alerts: z.array(alertSchema), next: z.string().nullable() });
export type AlertPage = z.infer<typeof alertPageSchema>;
