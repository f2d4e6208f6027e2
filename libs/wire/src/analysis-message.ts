import { z } from 'zod';
import { emotionPointSchema } from './emotion-point.ts';
import { parseMessage } from './parse-message.ts';
import { identifierSchema, speakerSchema } from './speaker.ts';

/**
 * Messages from the analyzer to the dashboard.
 * After every (re)connection the analyzer says `hello`, then `speaker-joined` for everyone present.
 */
export const analysisMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.literal(1), analyzerId: identifierSchema }),
  z.object({ type: z.literal('speaker-joined'), speaker: speakerSchema }),
  z.object({ type: z.literal('speaker-updated'), speaker: speakerSchema }),
  z.object({ type: z.literal('speaker-left'), callId: identifierSchema, speakerId: identifierSchema }),
  z.object({
    type: z.literal('points'),
    callId: identifierSchema,
    speakerId: identifierSchema,
    /** Oldest first. */
    points: z.array(emotionPointSchema).min(1).max(256),
  }),
]);
export type AnalysisMessage = z.infer<typeof analysisMessageSchema>;

/** @throws WireError `message-malformed` */
export const parseAnalysisMessage = (text: string): AnalysisMessage =>
  parseMessage(analysisMessageSchema, text);
