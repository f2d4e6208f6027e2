import { z } from 'zod';
import { expressions } from './expression.ts';
import { identifierSchema } from './speaker.ts';

const share = z.number().min(0).max(1);

/** What a call amounted to, over everything that is kept of it. Only voices that were analysed count. */
export const callReportSchema = z.object({
  recordId: z.uuid(),
  speakers: z.array(
    z.object({
      speakerId: identifierSchema,
      speechMs: z.number(),
      silenceMs: z.number(),
      /** Time in which most of the audio was lost. */
      concealedMs: z.number(),
      /** Part of all speech that is this speaker's; null if nobody spoke. */
      talkShare: share.nullable(),
      /** Part of the judged speech in which each of `expressions` was the likeliest, in their order; null without any. */
      expressionShares: z.array(share).length(expressions.length).nullable(),
      /** Means over the judged speech; null without any. */
      valence: z.number().nullable(),
      arousal: z.number().nullable(),
      confidence: z.number().nullable(),
    }),
  ),
  /** Time in which two or more spoke at once. */
  overlapMs: z.number(),
  /** The longest stretch between two utterances, whoever's. */
  longestSilenceMs: z.number(),
});
export type CallReport = z.infer<typeof callReportSchema>;
export type SpeakerReport = CallReport['speakers'][number];
