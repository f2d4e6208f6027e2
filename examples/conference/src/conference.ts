import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tap, type TapOptions } from '@undertone/tap';
import { createWorker, type types } from 'mediasoup';
import { Server } from 'socket.io';
import type { ConferenceSocket } from './conference-events.ts';
import { Participant } from './participant.ts';
import { Room } from './room.ts';
import { servePage } from './serve-page.ts';

export interface ConferenceOptions {
  /** 0 lets the system choose. */
  port: number;
  /** The built page. */
  webFolder: string;
  undertone: TapOptions;
  /** Where participants' browsers find Undertone's dashboard, for the overlay; absent for none. */
  dashboardUrl?: string;
}

export interface Conference {
  url: string;
  tap: Tap;
  close(): Promise<void>;
}

const opus: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  parameters: { useinbandfec: 1, usedtx: 1 },
};

/** A small audio conference on mediasoup. What it does for Undertone is marked with `Undertone:`, here and in the other files. */
export async function startConference({
  port,
  webFolder,
  undertone,
  dashboardUrl,
}: ConferenceOptions): Promise<Conference> {
  const worker = await createWorker({ logLevel: 'warn' });
  const http = createServer((request, response) => servePage(webFolder, request, response));
  const io = new Server(http, { serveClient: false });
  const rooms = new Map<string, Promise<Room>>();

  // Undertone: one tap for the process.
  const tap = new Tap(undertone);
  tap.on('disconnected', (error) => console.warn(error.message));
  tap.on('problem', (error) => console.warn(error.message));

  async function openRoom(id: string): Promise<Room> {
    const router = await worker.createRouter({ mediaCodecs: [opus] });
    // Undertone: one call for each room.
    return new Room(id, router, tap.addCall({ id, router }), () => rooms.delete(id));
  }

  io.on('connection', (socket: ConferenceSocket) => {
    new Participant(socket, dashboardUrl ?? null, (id) => {
      const room = rooms.get(id) ?? openRoom(id);
      rooms.set(id, room);
      // A room that can't be opened may be tried again.
      room.catch(() => rooms.delete(id));
      return room;
    });
  });
  // Undertone: whether somebody is analysed is for them to see.
  tap.on('decision', ({ callId, id, decision }) => io.to(`${callId}/${id}`).emit('decision', decision!));

  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    tap,
    async close() {
      await tap.close();
      await io.close();
      worker.close();
    },
  };
}
