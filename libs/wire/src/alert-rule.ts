import { z } from 'zod';
import { expressions } from './expression.ts';
import { identifierSchema, speakerRoleSchema } from './speaker.ts';

const share = z.number().min(0).max(1);
/** From one point to half an hour. */
const lasting = z.number().int().min(200).max(1_800_000);

/** What a threshold rule adds up: only points of speech that are at least so trustworthy count. */
const held = { minConfidence: share, forMs: lasting };
const axis = z.enum(['valence', 'arousal']);
const direction = z.enum(['below', 'above']);

/**
 * When a rule fires. Threshold rules have two limits: beyond `enter` counts towards `forMs` of speech, and only on the
 * other side of `clear` is it over; between them nothing changes (hysteresis). Speech is added up over pauses of up to
 * ten seconds.
 */
export const alertConditionSchema = z.discriminatedUnion('kind', [
  /** The posteriors of some expressions, added up, reach `enter`. */
  z
    .object({
      kind: z.literal('expression'),
      expressions: z.array(z.enum(expressions)).min(1).max(expressions.length),
      enter: share,
      clear: share,
      ...held,
    })
    .refine(({ enter, clear }) => clear < enter, { path: ['clear'], error: 'must be below `enter`' }),
  /** Valence or arousal, −1 … 1. */
  z
    .object({
      kind: z.literal('affect'),
      axis,
      direction,
      enter: z.number().min(-1).max(1),
      clear: z.number().min(-1).max(1),
      ...held,
    })
    .refine(outOfReach, {
      path: ['clear'],
      error: 'must be on the calmer side of `enter`: above it for `below`, below it for `above`',
    }),
  /** How far valence or arousal are from what is usual for this speaker, in the speaker's own standard deviations. */
  z
    .object({
      kind: z.literal('change'),
      axis,
      direction,
      enter: z.number().min(-4).max(4),
      clear: z.number().min(-4).max(4),
      ...held,
    })
    .refine(outOfReach, {
      path: ['clear'],
      error: 'must be on the calmer side of `enter`: above it for `below`, below it for `above`',
    }),
  /** Two or more speak at once for so long. */
  z.object({ kind: z.literal('talk-over'), forMs: lasting }),
  /** Nobody speaks for so long. Judged only while everyone in the call is analysed: who is not heard may be speaking. */
  z.object({ kind: z.literal('silence'), forMs: lasting }),
]);
export type AlertCondition = z.infer<typeof alertConditionSchema>;

function outOfReach(limits: { direction: 'below' | 'above'; enter: number; clear: number }): boolean {
  return limits.direction === 'below' ? limits.clear > limits.enter : limits.clear < limits.enter;
}

export const alertSeveritySchema = z.enum(['notice', 'warning', 'critical']);

/** One rule of the supervisor's. */
export const alertRuleSchema = z.object({
  id: identifierSchema,
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean(),
  severity: alertSeveritySchema,
  /** Only speakers of these roles; empty for all. Rules about the call as a whole have no use for it. */
  roles: z.array(speakerRoleSchema).max(4),
  /** How long after its end the same rule stays quiet about the same voice. */
  cooldownMs: z.number().int().min(0).max(3_600_000),
  condition: alertConditionSchema,
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

/** All of them: the content of the rules' file. */
export const alertRulesSchema = z
  .object({ rules: z.array(alertRuleSchema).max(100) })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    path: ['rules'],
    error: 'every rule needs an id of its own',
  });
export type AlertRules = z.infer<typeof alertRulesSchema>;

/** A rule, as it would be kept, and the call on which it is tried. */
export const alertTrialSchema = z.object({ rule: alertRuleSchema, recordId: z.uuid() });
/** When it would have fired, oldest first, at most a thousand times; `untilMs` is null if it lasted to the end. */
export const alertTrialResultSchema = z.object({
  firings: z.array(
    z.object({
      speakerId: identifierSchema.nullable(),
      firedAtMs: z.number(),
      fromMs: z.number(),
      untilMs: z.number().nullable(),
    }),
  ),
});
export type AlertTrialResult = z.infer<typeof alertTrialResultSchema>;
