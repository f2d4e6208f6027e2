import { z } from 'zod';
import { parseMessage } from './parse-message.ts';
import {
  analysisDecisionSchema,
  consentStateSchema,
  identifierSchema,
  speakerRoleSchema,
} from './speaker.ts';

/**
 * The control channel between another mediasoup application (`libs/tap`) and the bridge: text messages on the WebSocket
 * `/tap`. Its name is the WebSocket subprotocol (RFC 6455 §1.9), so that other versions are refused at the upgrade.
 *
 * After every (re)connection the tap says `hello`, then `set-speaker` for everyone present. Every request is answered;
 * those of one call are carried out in the order in which they came. RTP never passes here, but its SRTP keys do.
 */
export const tapProtocol = 'undertone-tap.v1';

/** One end of a PipeTransport. */
export const pipeEndpointSchema = z.object({
  /** IP address or host name to send to. */
  address: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  /** With which this end encrypts: master key and salt of AEAD_AES_256_GCM (RFC 7714), Base64. */
  srtpKey: z.string().regex(/^[A-Za-z0-9+/]{59}=$/, 'must be 44 bytes in Base64'),
});
export type PipeEndpoint = z.infer<typeof pipeEndpointSchema>;

/** An id of a header extension with a one-byte header (RFC 8285 §4.2); 0 where the packets don't carry it. */
const extensionIdSchema = z.number().int().min(0).max(14);

/** What Opus packets look like on the pipe. */
export const pipedRtpSchema = z.object({
  payloadType: z.number().int().min(0).max(127),
  ssrc: z.uint32().min(1),
  cname: z.string().min(1).max(255).nullable(),
  audioLevelId: extensionIdSchema,
  absCaptureTimeId: extensionIdSchema,
});
export type PipedRtp = z.infer<typeof pipedRtpSchema>;

const requestOf = { requestId: z.uint32(), callId: identifierSchema };
const speakerOf = { ...requestOf, speakerId: identifierSchema };

/** Messages from the tap. */
export const tapMessageSchema = z.discriminatedUnion('type', [
  /** `tapId` is chosen by the tap and stays the same for the life of its process. */
  z.object({ type: z.literal('hello'), tapId: identifierSchema }),
  /** Adds a speaker, goes on with one whose connection was lost, or changes one. Answered with `TapAnswers`. */
  z.object({
    type: z.literal('set-speaker'),
    ...speakerOf,
    name: z.string().trim().min(1).max(80),
    role: speakerRoleSchema,
    consent: consentStateSchema,
    muted: z.boolean(),
  }),
  /** Opens the bridge's end of a pipe for the call, in place of one that is open. Needs a speaker in the call. */
  z.object({ type: z.literal('open-pipe'), ...requestOf, endpoint: pipeEndpointSchema }),
  /** How much has come through the pipe: nothing, if a firewall stands in between. */
  z.object({ type: z.literal('check-pipe'), ...requestOf }),
  /** The speaker's RTP comes through the pipe, in place of what came before. Refused unless the speaker is analysed. */
  z.object({ type: z.literal('produce'), ...speakerOf, rtp: pipedRtpSchema }),
  /** No RTP of the speaker comes any more. */
  z.object({ type: z.literal('stop-producing'), ...speakerOf }),
  /** The speaker has left. */
  z.object({ type: z.literal('remove-speaker'), ...speakerOf }),
]);
export type TapMessage = z.infer<typeof tapMessageSchema>;
export type TapRequest = Exclude<TapMessage, { type: 'hello' }>;

/** What each request is answered with when it succeeds. */
export const tapAnswerSchemas = {
  'set-speaker': z.object({ decision: analysisDecisionSchema }),
  'open-pipe': z.object({ endpoint: pipeEndpointSchema }),
  'check-pipe': z.object({ rtpBytesReceived: z.number().min(0) }),
  produce: z.null(),
  'stop-producing': z.null(),
  'remove-speaker': z.null(),
} satisfies Record<TapRequest['type'], z.ZodType>;
export type TapAnswers = { [Type in TapRequest['type']]: z.infer<(typeof tapAnswerSchemas)[Type]> };

/** Why the bridge refuses a request. */
export type TapRefusalCode =
  | 'request-malformed'
  | 'call-full'
  | 'speaker-exists'
  | 'speaker-not-found'
  | 'speaker-not-analysed'
  | 'pipe-not-open'
  | 'pipe-failed'
  | 'producer-rejected'
  | 'media-unavailable'
  | 'too-many-requests';

/** Messages from the bridge. `code` is a `TapRefusalCode`, or one that a later bridge has. */
export const tapReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), bridgeId: identifierSchema }),
  z.object({ type: z.literal('granted'), requestId: z.uint32(), value: z.unknown() }),
  z.object({
    type: z.literal('refused'),
    requestId: z.uint32(),
    code: z.string().min(1).max(64),
    message: z.string().max(2_000),
  }),
  /** The bridge has decided anew whether a speaker is analysed. */
  z.object({
    type: z.literal('decision'),
    callId: identifierSchema,
    speakerId: identifierSchema,
    decision: analysisDecisionSchema,
  }),
  /** The bridge has lost the call and all the tap's speakers in it: announce them again. */
  z.object({ type: z.literal('call-lost'), callId: identifierSchema }),
]);
export type TapReply = z.infer<typeof tapReplySchema>;

/** @throws WireError `message-malformed` */
export const parseTapMessage = (text: string): TapMessage => parseMessage(tapMessageSchema, text);
/** @throws WireError `message-malformed` */
export const parseTapReply = (text: string): TapReply => parseMessage(tapReplySchema, text);
