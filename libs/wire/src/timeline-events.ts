import { z } from 'zod';
import type { EmotionPoint } from './emotion-point.ts';
import type { Reply } from './reply.ts';
import type { Ribbon } from './ribbon.ts';
import { identifierSchema, type Speaker } from './speaker.ts';

/** One live call as the wall shows it. */
export interface CallSummary {
  id: string;
  /** Names this one call in the history. */
  recordId: string;
  /** Wall clock, milliseconds since the Unix epoch. */
  startedAtMs: number;
  speakers: SpeakerSummary[];
}

export interface SpeakerSummary {
  speaker: Speaker;
  /** Newest point, null before the first. */
  latest: EmotionPoint | null;
  /** In answer to `watch-calls` the whole ribbon; in `calls-changed` the cells that changed since the last message. */
  ribbon: Ribbon;
}

/** Everything a viewer needs to draw a call; `seq` is the number of the newest delta that it contains. */
export interface CallSnapshot {
  id: string;
  /** Names this one call in the history. */
  recordId: string;
  startedAtMs: number;
  /** null while the call is live; an ended call can be opened for some minutes more. */
  endedAtMs: number | null;
  seq: number;
  /** Who is or was in the call; `leftAtMs` is null for those present. */
  speakers: { speaker: Speaker; leftAtMs: number | null; points: EmotionPoint[] }[];
}

/** A change of one watched call. A viewer that sees `seq` jump by more than one asks for a new snapshot. */
export type CallDelta = { callId: string; seq: number } & (
  | { change: 'points'; speakerId: string; points: EmotionPoint[] }
  | { change: 'speaker'; speaker: Speaker }
  | { change: 'speaker-left'; speakerId: string; leftAtMs: number }
  | { change: 'ended'; endedAtMs: number }
);

export const watchCallSchema = z.object({ callId: identifierSchema });
export type WatchCall = z.infer<typeof watchCallSchema>;
export type TimelineErrorCode = 'call-not-found' | 'request-malformed' | 'too-many-requests';

/** socket.io events of the dashboard's `/timeline` namespace, server → browser. */
export interface TimelineServerEvents {
  /** The state of the connection from the analyzer; sent on connection and on every change. */
  'analysis-link': (link: { connected: boolean }) => void;
  /** To watchers of the wall, at most a few times a second: calls that are new or changed. */
  'calls-changed': (calls: CallSummary[]) => void;
  'calls-ended': (callIds: string[]) => void;
  /** To watchers of one call. */
  'call-delta': (delta: CallDelta) => void;
}

/** socket.io events of the dashboard's `/timeline` namespace, browser → server. */
export interface TimelineClientEvents {
  'watch-calls': (reply: (reply: Reply<CallSummary[], TimelineErrorCode>) => void) => void;
  'watch-call': (request: WatchCall, reply: (reply: Reply<CallSnapshot, TimelineErrorCode>) => void) => void;
  'unwatch-call': (request: WatchCall) => void;
}
