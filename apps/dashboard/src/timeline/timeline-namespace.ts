import type { TimelineClientEvents, TimelineServerEvents } from '@undertone/wire';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { TokenBucket } from '../token-bucket.ts';

/** What the server remembers of one viewer. */
interface ViewerState {
  requests: TokenBucket;
  /** Version of the store that the viewer's wall shows; null if it doesn't watch the wall. */
  wallVersion: number | null;
  /** Version of the alerts that the viewer knows; null if it doesn't watch them. */
  alertVersion: number | null;
  watchedCalls: Set<string>;
  /** How many flushes in a row found the viewer still busy receiving what went before. */
  busyFlushes: number;
}

export type TimelineNamespace = Namespace<
  TimelineClientEvents,
  TimelineServerEvents,
  DefaultEventsMap,
  ViewerState
>;
export type Viewer = Socket<TimelineClientEvents, TimelineServerEvents, DefaultEventsMap, ViewerState>;

export const callRoom = (callId: string): string => `call:${callId}`;
