import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Roster } from '../session/roster.ts';
import { BridgeConnection, type ConnectionLimits } from './bridge-connection.ts';
import { IngestRefusals } from './ingest-refusals.ts';

export interface IngestLimits extends ConnectionLimits {
  maxConnections: number;
  maxMessageBytes: number;
  /** A connection that answers no ping for this long is dropped; also the time in which `hello` must come. */
  silenceMs: number;
}

const ingestPath = '/ingest';
const closeTimeoutMs = 500;
/** WebSocket close code (RFC 6455 §7.4.1). */
const closeGoingAway = 1001;

/** The WebSocket `/ingest`, where bridges announce speakers (text) and deliver their audio (binary PCM frames). */
export class BridgeIngest {
  readonly refusals = new IngestRefusals();
  readonly #roster: Roster;
  readonly #clock: Clock;
  readonly #limits: IngestLimits;
  readonly #log: Log;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<BridgeConnection>();
  #framesOfClosed = 0;
  #nextId = 1;
  #pulse: NodeJS.Timeout | null = null;
  #detach: () => void = () => {};

  constructor(roster: Roster, clock: Clock, limits: IngestLimits, log: Log) {
    this.#roster = roster;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.maxMessageBytes,
      perMessageDeflate: false,
    });
  }

  /** Bridges connected. */
  get bridges(): number {
    return this.#connections.size;
  }

  /** Frames taken since the start. */
  get frames(): number {
    let sum = this.#framesOfClosed;
    for (const connection of this.#connections) sum += connection.frames;
    return sum;
  }

  /** Takes over the upgrades of `/ingest`; every other path is refused. */
  attach(server: Server): void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head);
    server.on('upgrade', upgrade);
    this.#detach = () => server.off('upgrade', upgrade);
    this.#pulse = setInterval(() => this.checkConnections(), this.#limits.silenceMs).unref();
  }

  /** Lets the bridges send more, after a tick: reads on where that was paused, and gives credit unless the model is behind. */
  relieve(behind: boolean): void {
    for (const connection of this.#connections) {
      connection.resumeIfRelieved();
      if (!behind) connection.grantCredit();
    }
  }

  /** Drops connections that answer no ping or never said hello; pings the others. */
  checkConnections(): void {
    for (const connection of this.#connections) {
      const { greeted, openedAtMs, alive, paused, socket } = connection;
      if (!greeted && this.#clock() - openedAtMs >= this.#limits.silenceMs) {
        this.refusals.counts['no-hello']++;
        socket.terminate();
      } else if (!alive && !paused) {
        this.refusals.counts.unresponsive++;
        socket.terminate();
      } else {
        connection.alive = false;
        socket.ping();
      }
    }
  }

  /** Says goodbye to every bridge and waits until all are gone. Idempotent. */
  async close(): Promise<void> {
    this.#detach();
    if (this.#pulse) clearInterval(this.#pulse);
    this.#server.close();
    const sockets = Array.from(this.#connections, ({ socket }) => socket);
    const gone = sockets.map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const socket of sockets) {
      socket.resume(); // a paused socket would not see the answer
      socket.close(closeGoingAway, 'the analyzer is stopping');
    }
    const impatient = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, closeTimeoutMs);
    await Promise.all(gone);
    clearTimeout(impatient);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { counts } = this.refusals;
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== ingestPath) {
      refuseUpgrade(socket, '404 Not Found');
    } else if (request.headers.origin !== undefined) {
      // Browsers always send an Origin; a bridge never does. A web page must not be able to send audio.
      counts['from-a-browser']++;
      refuseUpgrade(socket, '403 Forbidden');
    } else if (this.#connections.size >= this.#limits.maxConnections) {
      counts['too-many-connections']++;
      refuseUpgrade(socket, '503 Service Unavailable');
    } else {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(webSocket));
    }
  }

  #opened(socket: WebSocket): void {
    const connection = new BridgeConnection(
      this.#nextId++,
      socket,
      this.#roster,
      this.refusals,
      this.#limits,
      this.#clock,
      this.#log,
    );
    this.#connections.add(connection);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) connection.readFrame(data as Buffer);
      else connection.readText(data.toString());
    });
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.refusals.counts['message-oversized']++;
      this.#log.warn({ connectionId: connection.id, code: error.code }, 'bridge connection failed');
    });
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#framesOfClosed += connection.frames;
      this.#roster.orphan(connection.id);
      this.#log.info({ connectionId: connection.id }, 'bridge disconnected');
    });
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {}); // the peer may be gone already; there is nothing left to tell it
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
