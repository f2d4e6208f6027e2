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

/**
 * Viewers who are to be brought up to `version`, by the version that they know; they count as told from now on. One that is
 * still busy is left for a later time, which will carry all that it missed.
 */
export function takeOutdated(
  namespace: TimelineNamespace,
  known: 'wallVersion' | 'alertVersion',
  version: number,
): { byVersion: Map<number, string[]>; busy: number } {
  const byVersion = new Map<number, string[]>();
  let busy = 0;
  for (const { id, data, conn } of namespace.sockets.values()) {
    const seen = data[known];
    if (seen === null || seen === version) continue;
    if (!conn.transport.writable) {
      busy++;
      continue;
    }
    const group = byVersion.get(seen);
    if (group) group.push(id);
    else byVersion.set(seen, [id]);
    data[known] = version;
  }
  return { byVersion, busy };
}
