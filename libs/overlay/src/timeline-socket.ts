import type { TimelineClientEvents, TimelineServerEvents } from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';

export type TimelineSocket = Socket<TimelineServerEvents, TimelineClientEvents>;

/**
 * One connection for the whole page; it reconnects by itself, quickly at first and every five seconds later.
 * @param origin of the dashboard; empty for the page's own
 * @param token what says who may look; null where the page's own session does
 */
export const connectTimeline = (origin = '', token: string | null = null): TimelineSocket =>
  io(`${origin}/timeline`, {
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.3,
    ...(token === null ? {} : { auth: { token } }),
  });
