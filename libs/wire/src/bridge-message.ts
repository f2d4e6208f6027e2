import { z } from 'zod';
import { parseMessage } from './parse-message.ts';
import { identifierSchema, speakerSchema } from './speaker.ts';

/**
 * HTTP header of the analyzer's answer to an upgrade of `/ingest`: how many workers it has; one without it. Worker k is reached
 * at `/ingest?worker=k`, the first at `/ingest` too.
 */
export const workersHeader = 'undertone-workers';

/**
 * Text messages from the bridge to the analyzer; audio follows as binary `PcmFrame`s on the same WebSocket.
 * After every (re)connection the bridge says `hello`, then `speaker-joined` for everyone present.
 */
export const bridgeMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.literal(1), bridgeId: identifierSchema }),
  z.object({
    type: z.literal('speaker-joined'),
    /** Number of the speaker's PCM stream: unique for the life of the bridge process, never reused. */
    streamId: z.uint32(),
    speaker: speakerSchema,
  }),
  z.object({ type: z.literal('speaker-updated'), streamId: z.uint32(), speaker: speakerSchema }),
  z.object({
    type: z.literal('speaker-left'),
    streamId: z.uint32(),
    callId: identifierSchema,
    speakerId: identifierSchema,
  }),
]);
export type BridgeMessage = z.infer<typeof bridgeMessageSchema>;

/** Text messages from the analyzer back to the bridge. */
export const creditMessageSchema = z.object({
  type: z.literal('credit'),
  /** How many more PCM frames the bridge may send on this connection. */
  frames: z.number().int().min(1).max(1_000_000),
});
export type CreditMessage = z.infer<typeof creditMessageSchema>;

/** @throws WireError `message-malformed` */
export const parseBridgeMessage = (text: string): BridgeMessage => parseMessage(bridgeMessageSchema, text);
/** @throws WireError `message-malformed` */
export const parseCreditMessage = (text: string): CreditMessage => parseMessage(creditMessageSchema, text);
