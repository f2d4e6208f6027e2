import { z } from 'zod';
import { alertSchema } from './alert.ts';
import { emotionPointSchema } from './emotion-point.ts';
import type { Reply } from './reply.ts';
import { ribbonSchema } from './ribbon.ts';
import { identifierSchema, speakerSchema } from './speaker.ts';

const speakerSummarySchema = z.object({
  speaker: speakerSchema,
  /** Newest point, null before the first. */
  latest: emotionPointSchema.nullable(),
  /** In answer to `watch-calls` the whole ribbon; in `calls-changed` the cells that changed since the last message. */
  ribbon: ribbonSchema,
});
export type SpeakerSummary = z.infer<typeof speakerSummarySchema>;

/** One live call as the wall shows it. */
export const callSummarySchema = z.object({
  id: identifierSchema,
  /** Names this one call in the history. */
  recordId: z.uuid(),
  /** Wall clock, milliseconds since the Unix epoch. */
  startedAtMs: z.number(),
  speakers: z.array(speakerSummarySchema),
});
export type CallSummary = z.infer<typeof callSummarySchema>;

/** Everything a viewer needs to draw a call; `seq` is the number of the newest delta that it contains. */
export const callSnapshotSchema = z.object({
  id: identifierSchema,
  /** Names this one call in the history. */
  recordId: z.uuid(),
  startedAtMs: z.number(),
  /** null while the call is live; an ended call can be opened for some minutes more. */
  endedAtMs: z.number().nullable(),
  seq: z.number(),
  /** Who is or was in the call; `leftAtMs` is null for those present. */
  speakers: z.array(
    z.object({
      speaker: speakerSchema,
      leftAtMs: z.number().nullable(),
      points: z.array(emotionPointSchema),
    }),
  ),
});
export type CallSnapshot = z.infer<typeof callSnapshotSchema>;

const numbered = { callId: identifierSchema, seq: z.number() };
/** A change of one watched call. A viewer that sees `seq` jump by more than one asks for a new snapshot. */
export const callDeltaSchema = z.discriminatedUnion('change', [
  z.object({
    ...numbered,
    change: z.literal('points'),
    speakerId: identifierSchema,
    points: z.array(emotionPointSchema),
  }),
  z.object({ ...numbered, change: z.literal('speaker'), speaker: speakerSchema }),
  z.object({
    ...numbered,
    change: z.literal('speaker-left'),
    speakerId: identifierSchema,
    leftAtMs: z.number(),
  }),
  z.object({ ...numbered, change: z.literal('ended'), endedAtMs: z.number() }),
]);
export type CallDelta = z.infer<typeof callDeltaSchema>;

export const watchCallSchema = z.object({ callId: identifierSchema });
export type WatchCall = z.infer<typeof watchCallSchema>;
export const timelineErrorCodes = ['call-not-found', 'request-malformed', 'too-many-requests'] as const;
export type TimelineErrorCode = (typeof timelineErrorCodes)[number];

/**
 * The socket.io events of the dashboard's `/timeline` namespace, server → browser: what each says. The types of the
 * sockets and the AsyncAPI document are made from this.
 */
export const timelineServerMessages = {
  'analysis-link': z
    .object({ connected: z.boolean() })
    .describe('The state of the connection from the analyzer; sent on connection and on every change.'),
  'calls-changed': z
    .array(callSummarySchema)
    .describe('To watchers of the wall, at most a few times a second: calls that are new or changed.'),
  'calls-ended': z.array(identifierSchema).describe('To watchers of the wall: calls that ended.'),
  'alerts-changed': z
    .array(alertSchema)
    .describe('To watchers of alerts, at most a few times a second: alerts that are new or changed.'),
  'alerts-removed': z
    .array(z.uuid())
    .describe('To watchers of alerts: alerts that are gone, because a speaker withdrew the consent.'),
  'call-delta': callDeltaSchema.describe('To watchers of one call: what changed, numbered without a gap.'),
};

/** The same, browser → server: what each asks, and what the acknowledgement holds if it is not refused. */
export const timelineClientMessages = {
  'watch-calls': {
    summary: 'Watch the wall; the answer is every live call.',
    request: null,
    reply: z.array(callSummarySchema),
  },
  'watch-alerts': {
    summary: 'Watch alerts; the answer is every alert at hand, the newest first.',
    request: null,
    reply: z.array(alertSchema),
  },
  'watch-call': {
    summary: 'Watch one call; the answer is everything so far.',
    request: watchCallSchema,
    reply: callSnapshotSchema,
  },
  'unwatch-call': { summary: 'Watch a call no more.', request: watchCallSchema, reply: null },
};

/** socket.io events of the dashboard's `/timeline` namespace, server → browser. */
export type TimelineServerEvents = {
  [Event in keyof typeof timelineServerMessages]: (
    message: z.infer<(typeof timelineServerMessages)[Event]>,
  ) => void;
};

type ClientMessage = { request: z.ZodType | null; reply: z.ZodType | null };
type Requested<Message extends ClientMessage> = Message['request'] extends z.ZodType
  ? [request: z.infer<Message['request']>]
  : [];
type Replied<Message extends ClientMessage> = Message['reply'] extends z.ZodType
  ? [reply: (reply: Reply<z.infer<Message['reply']>, TimelineErrorCode>) => void]
  : [];
/** socket.io events of the dashboard's `/timeline` namespace, browser → server. */
export type TimelineClientEvents = {
  [Event in keyof typeof timelineClientMessages]: (
    ...values: [
      ...Requested<(typeof timelineClientMessages)[Event]>,
      ...Replied<(typeof timelineClientMessages)[Event]>,
    ]
  ) => void;
};
