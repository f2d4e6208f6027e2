import { z } from 'zod';

/** What a speaker is in the call. The analysis policy decides by it; `unknown` is never analysed by default. */
export const speakerRoles = ['customer', 'agent', 'participant', 'unknown'] as const;
export const speakerRoleSchema = z.enum(speakerRoles);
export type SpeakerRole = z.infer<typeof speakerRoleSchema>;

/** Whether the speaker agreed to voice expression analysis. Only `granted` means yes. */
export const consentStates = ['granted', 'unknown', 'denied', 'withdrawn'] as const;
export const consentStateSchema = z.enum(consentStates);
export type ConsentState = z.infer<typeof consentStateSchema>;

/** An identifier that is safe in URLs, room names and metrics: 1–64 characters of `[A-Za-z0-9_.-]`. */
export const identifierSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1–64 characters: letters, digits, dot, dash or underscore');

/** Whether the policy lets a speaker be analysed, and the reason in words a supervisor understands. */
export const analysisDecisionSchema = z.object({ analysed: z.boolean(), reason: z.string().max(200) });
export type AnalysisDecision = z.infer<typeof analysisDecisionSchema>;

/** One voice in one call. `id` is unique within the call; `name` is for display only and is never logged. */
export const speakerSchema = z.object({
  callId: identifierSchema,
  id: identifierSchema,
  name: z.string().min(1).max(80),
  role: speakerRoleSchema,
  consent: consentStateSchema,
  muted: z.boolean(),
  decision: analysisDecisionSchema,
  /** Wall clock, milliseconds since the Unix epoch. */
  joinedAtMs: z.number(),
});
export type Speaker = z.infer<typeof speakerSchema>;
