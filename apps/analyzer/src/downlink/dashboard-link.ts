import type { Duplex } from 'node:stream';
import type { AnalysisMessage, Speaker } from '@undertone/wire';
import { WebSocket } from 'ws';
import type { Log } from '../log.ts';
import { BackOff } from './back-off.ts';
import { Outbox } from './outbox.ts';
import { RecentPoints } from './recent-points.ts';

/** Messages kept while the dashboard can't be reached: half a minute of a hundred speakers. */
const outboxMessages = 16_384;
/** Above this the dashboard reads too slowly and messages wait here, where their number is bounded. */
const maxBufferedBytes = 4 * 1_024 * 1_024;
const handshakeTimeoutMs = 5_000;
/** The dashboard pings every ten seconds; a link this quiet is dead. */
const quietMs = 30_000;
const closeTimeoutMs = 1_000;

export type LinkState = 'connecting' | 'connected' | 'closed';

/**
 * The WebSocket to the dashboard. Reconnects for ever with growing pauses; after every (re)connection it says `hello`,
 * announces everyone present, and then sends what was missed, the points sent just before the connection was lost included.
 */
export class DashboardLink {
  /** Connections that were established. */
  connections = 0;
  /** Messages handed to the socket. */
  sent = 0;
  readonly #url: string;
  readonly #analyzerId: string;
  readonly #log: Log;
  readonly #outbox = new Outbox(outboxMessages);
  readonly #recent = new RecentPoints(outboxMessages);
  readonly #backOff: BackOff;
  #present: () => Speaker[] = () => [];
  #socket: WebSocket | null = null;
  /** What carries the WebSocket, to write many messages at once. */
  #stream: Duplex | null = null;
  #retry: NodeJS.Timeout | null = null;
  #quiet: NodeJS.Timeout | null = null;
  /** Whether the log knows already that the dashboard is away. */
  #away = false;
  #closed = false;

  constructor(url: string, analyzerId: string, random: () => number, log: Log) {
    this.#url = url;
    this.#analyzerId = analyzerId;
    this.#backOff = new BackOff(random);
    this.#log = log;
  }

  get state(): LinkState {
    if (this.#closed) return 'closed';
    return this.#open ? 'connected' : 'connecting';
  }

  /** Messages of points that wait. */
  get queued(): number {
    return this.#outbox.length;
  }

  /** Bytes that the socket has not got rid of. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Messages lost because the dashboard was away or too slow for too long. */
  get droppedMessages(): number {
    return this.#outbox.droppedMessages;
  }

  /** Points lost because the dashboard was away or too slow for too long. */
  get droppedPoints(): number {
    return this.#outbox.droppedPoints;
  }

  /** Begins to connect. @param present everyone to announce after a connection */
  start(present: () => Speaker[]): void {
    this.#present = present;
    this.#connect();
  }

  /** Sends `message`, or keeps it while the dashboard is away; points also wait while it reads too slowly. */
  send(message: AnalysisMessage): void {
    if (message.type === 'speaker-left') this.#recent.forget(message.callId, message.speakerId);
    if (message.type === 'speaker-updated' && !message.speaker.decision.analysed)
      this.#recent.forget(message.speaker.callId, message.speaker.id);
    const socket = this.#open;
    const slow = socket && (this.#outbox.length > 0 || socket.bufferedAmount >= maxBufferedBytes);
    if (!socket || (slow && message.type === 'points')) {
      this.#outbox.put(message);
      return;
    }
    this.flush(true);
    this.#transmit(socket, message);
  }

  /** What `send` is called with meanwhile goes out in one system call: for each message it costs more than making the point. */
  together(sending: () => void): void {
    const stream = this.#stream;
    stream?.cork();
    sending();
    stream?.uncork();
  }

  /** Sends what waits as far as the dashboard keeps up; all of it if `regardless`. */
  flush(regardless = false): void {
    const socket = this.#open;
    if (!socket) return;
    while (regardless || socket.bufferedAmount < maxBufferedBytes) {
      const message = this.#outbox.take();
      if (message === undefined) return;
      this.#transmit(socket, message);
    }
  }

  /** Hands everything over and closes. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#quiet) clearTimeout(this.#quiet);
    this.flush(true);
    this.#closed = true;
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const impatient = setTimeout(() => socket.terminate(), closeTimeoutMs);
    socket.close(1001, 'the analyzer is stopping');
    await gone;
    clearTimeout(impatient);
  }

  get #open(): WebSocket | null {
    return this.#socket?.readyState === WebSocket.OPEN ? this.#socket : null;
  }

  #connect(): void {
    this.#retry = null;
    const socket = new WebSocket(this.#url, {
      perMessageDeflate: false,
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: 1_024,
    });
    this.#socket = socket;
    socket.on('upgrade', (response) => {
      this.#stream = response.socket;
    });
    socket.on('open', () => this.#opened(socket));
    socket.on('ping', () => this.#heard(socket));
    socket.on('error', (error: Error & { code?: string }) =>
      this.#log.debug({ code: error.code, reason: error.message }, 'link to the dashboard failed'),
    );
    socket.on('close', () => this.#lost());
  }

  #opened(socket: WebSocket): void {
    this.connections++;
    this.#backOff.reset();
    this.#away = false;
    this.#heard(socket);
    this.#log.info('connected to the dashboard');
    this.#transmit(socket, { type: 'hello', protocol: 1, analyzerId: this.#analyzerId });
    for (const speaker of this.#present()) this.#transmit(socket, { type: 'speaker-joined', speaker });
    for (const message of this.#recent.take()) this.#transmit(socket, message);
    this.flush();
  }

  #heard(socket: WebSocket): void {
    if (this.#quiet) clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => socket.terminate(), quietMs).unref();
  }

  #lost(): void {
    this.#stream = null;
    if (this.#quiet) clearTimeout(this.#quiet);
    if (this.#closed) return;
    const waitMs = this.#backOff.next();
    const level = this.#away ? 'debug' : 'warn';
    this.#log[level]({ retryInMs: Math.round(waitMs) }, 'no connection to the dashboard');
    this.#away = true;
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #transmit(socket: WebSocket, message: AnalysisMessage): void {
    socket.send(JSON.stringify(message));
    this.sent++;
    if (message.type === 'points') this.#recent.add(message);
  }
}
