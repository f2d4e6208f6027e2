import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readSenderReports } from '../rtp/sender-report.ts';

/** A stall of the event loop this long, with 20 speakers, still fits: about half a second. */
const receiveBufferBytes = 1 << 20;

/** Gets what comes of one SSRC. */
export interface TapReceiver {
  /** A packet, in memory of its own. */
  packet(bytes: Uint8Array): void;
  /** The router says that `rtpTimestamp` was captured at `ntpMs` of the wall clock. */
  report(ntpMs: number, rtpTimestamp: number): void;
}

/** The UDP socket to which a call's router sends RTP and RTCP (docs/decisions/0002-tap-transport.md). */
export class CallSocket {
  readonly #socket: Socket;
  readonly #receivers = new Map<number, TapReceiver>();
  readonly #onReport = (ssrc: number, ntpMs: number, rtpTimestamp: number) =>
    this.#receivers.get(ssrc)?.report(ntpMs, rtpTimestamp);
  #closed = false;

  static async open(): Promise<CallSocket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBufferBytes });
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    return new CallSocket(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => this.#receive(bytes));
    // The worker's end is gone (connection refused): the call is about to be lost, which its router tells.
    socket.on('error', () => {});
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async connect(port: number): Promise<void> {
    this.#socket.connect(port, '127.0.0.1');
    await once(this.#socket, 'connect');
  }

  add(ssrc: number, receiver: TapReceiver): void {
    this.#receivers.set(ssrc, receiver);
  }

  remove(ssrc: number): void {
    this.#receivers.delete(ssrc);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receivers.clear();
    this.#socket.close();
  }

  #receive(bytes: Uint8Array): void {
    // RTCP shares the port: its packet types look like payload types 64 to 95 (RFC 5761 §4).
    if (bytes.length < 12) return;
    if ((bytes[1] & 0x60) === 0x40) {
      readSenderReports(bytes, this.#onReport);
      return;
    }
    const ssrc = ((bytes[8] << 24) | (bytes[9] << 16) | (bytes[10] << 8) | bytes[11]) >>> 0;
    this.#receivers.get(ssrc)?.packet(bytes);
  }
}
