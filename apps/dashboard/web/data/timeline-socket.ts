import type { TimelineClientEvents, TimelineServerEvents } from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';

export type TimelineSocket = Socket<TimelineServerEvents, TimelineClientEvents>;

/** One connection for the whole page; it reconnects by itself, quickly at first and every five seconds later. */
export const connectTimeline = (): TimelineSocket =>
  io('/timeline', {
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.3,
  });
