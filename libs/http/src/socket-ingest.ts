import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

/** Why a connection was refused or ended, whatever it is for; labels of a metric. */
export type ConnectionRefusal =
  | 'from-a-browser'
  | 'too-many-connections'
  | 'message-oversized'
  | 'no-hello'
  | 'unresponsive';

export interface SocketIngestLimits {
  maxConnections: number;
  maxMessageBytes: number;
  /** A connection that answers no ping for this long is dropped; also the time in which `hello` must come. */
  silenceMs: number;
}

/** What is answered to an upgrade that is not taken, as problem details. */
export interface UpgradeRefusal {
  /** Status and reason, as in `403 Forbidden`. */
  status: string;
  code: string;
  detail: string;
}

/** The app's side of one connection. */
export interface IngestConnection {
  readonly id: number;
  readonly socket: WebSocket;
  /** Whether it has said hello. */
  readonly greeted: boolean;
  /** Whether its socket is not read just now, so that it can't answer a ping. */
  readonly paused?: boolean;
  readText(text: string): void;
  readBinary(bytes: Buffer): void;
}

interface SocketIngestOptions<Connection extends IngestConnection> extends SocketIngestLimits {
  path: string;
  /** Who listens, as the goodbye says it. */
  owner: string;
  /** Who connects, as the log says it. */
  peer: string;
  /** Counts here what it refuses. */
  refusals: Record<ConnectionRefusal, number>;
  clock: () => number;
  log: Pick<Logger, 'warn'>;
  /** Answers upgrades of other paths with 404; where something else takes upgrades, they are left to it. */
  refusesOtherPaths?: boolean;
  /** Further header lines of the answer to an upgrade. */
  headers?: readonly string[];
  /** Spoken by every connection that is taken. */
  subprotocol?: string;
  /** What else an upgrade needs; null if it has it. */
  admit?(request: IncomingMessage): UpgradeRefusal | null;
  open(id: number, socket: WebSocket): Connection;
  /** Called once for each connection. */
  closed(connection: Connection, code: number): void;
}

interface Peer {
  openedAtMs: number;
  /** Whether anything came since the last check. */
  alive: boolean;
}

/** How long a peer has to answer a close. */
const farewellMs = 500;
/** WebSocket close codes (RFC 6455 §7.4.1). */
const closeGoingAway = 1001;
const closeAbnormal = 1006;
const closePolicy = 1008;

/**
 * A WebSocket path (RFC 6455) to which other processes deliver, never web pages: how many there may be, who is still there, and
 * how they are told goodbye. What they say is for the connections to read.
 */
export class SocketIngest<Connection extends IngestConnection> {
  readonly #options: SocketIngestOptions<Connection>;
  readonly #server: WebSocketServer;
  readonly #peers = new Map<Connection, Peer>();
  #nextId = 1;
  #pulse: NodeJS.Timeout | null = null;
  #detach: () => void = () => {};

  constructor(options: SocketIngestOptions<Connection>) {
    this.#options = options;
    const { subprotocol, maxMessageBytes, headers } = options;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      ...(subprotocol !== undefined && { handleProtocols: () => subprotocol }),
    });
    if (headers) this.#server.on('headers', (lines) => lines.push(...headers));
  }

  get size(): number {
    return this.#peers.size;
  }

  get connections(): Iterable<Connection> {
    return this.#peers.keys();
  }

  /** Takes over the upgrades of its path. */
  attach(server: Server): void {
    const { path, refusesOtherPaths, silenceMs } = this.#options;
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (new URL(request.url ?? '/', 'http://localhost').pathname === path)
        this.#upgrade(request, socket, head);
      else if (refusesOtherPaths)
        refuseUpgrade(socket, { status: '404 Not Found', code: 'not-found', detail: `connect to ${path}` });
    };
    server.on('upgrade', upgrade);
    this.#detach = () => server.off('upgrade', upgrade);
    this.#pulse = setInterval(() => this.checkConnections(), silenceMs).unref();
  }

  /** Drops connections that answer no ping or never said hello; pings the others. */
  checkConnections(): void {
    const { clock, silenceMs, refusals } = this.#options;
    for (const [{ greeted, paused, socket }, peer] of this.#peers) {
      if (!greeted && clock() - peer.openedAtMs >= silenceMs) {
        refusals['no-hello']++;
        dismiss(socket, closePolicy, 'say hello first');
      } else if (!peer.alive && !paused) {
        refusals.unresponsive++;
        socket.terminate();
      } else {
        peer.alive = false;
        socket.ping();
      }
    }
  }

  /** Ends a connection without a word; it counts as closed when this returns. */
  drop(connection: Connection): void {
    connection.socket.terminate();
    this.#closed(connection, closeAbnormal);
  }

  /** Says goodbye to everyone, and resolves when all are gone. Idempotent. */
  async close(): Promise<void> {
    this.#detach();
    if (this.#pulse) clearInterval(this.#pulse);
    this.#server.close();
    const gone = Array.from(this.#peers.keys(), ({ socket }) => {
      socket.resume(); // a paused socket would not see the answer
      dismiss(socket, closeGoingAway, `the ${this.#options.owner} is stopping`);
      return new Promise<void>((resolve) => socket.once('close', () => resolve()));
    });
    await Promise.all(gone);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { refusals, maxConnections, owner, peer, admit } = this.#options;
    if (request.headers.origin !== undefined) {
      // Browsers always send an Origin; none of our processes does. A web page must not be able to deliver anything.
      refusals['from-a-browser']++;
      const detail = `this is for a ${peer}, not for web pages`;
      refuseUpgrade(socket, { status: '403 Forbidden', code: 'from-a-browser', detail });
      return;
    }
    const refusal = admit?.(request) ?? null;
    if (refusal) {
      refuseUpgrade(socket, refusal);
    } else if (this.#peers.size >= maxConnections) {
      refusals['too-many-connections']++;
      const detail = `the ${owner} takes ${maxConnections} connections, its limit`;
      refuseUpgrade(socket, { status: '503 Service Unavailable', code: 'too-many-connections', detail });
    } else {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(webSocket));
    }
  }

  #opened(socket: WebSocket): void {
    const { open, clock, refusals, log, peer: peerName } = this.#options;
    const connection = open(this.#nextId++, socket);
    const peer = { openedAtMs: clock(), alive: true };
    this.#peers.set(connection, peer);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      peer.alive = true;
      if (isBinary) connection.readBinary(data as Buffer);
      else connection.readText(data.toString());
    });
    socket.on('pong', () => {
      peer.alive = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') refusals['message-oversized']++;
      log.warn({ connectionId: connection.id, code: error.code }, `${peerName} connection failed`);
    });
    socket.on('close', (code) => this.#closed(connection, code));
  }

  #closed(connection: Connection, code: number): void {
    if (this.#peers.delete(connection)) this.#options.closed(connection, code);
  }
}

/** Closes, and does not wait for ever for the answer. */
function dismiss(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), farewellMs).unref();
}

/** Answers an upgrade that is not taken, and closes. */
export function refuseUpgrade(socket: Duplex, { status, code, detail }: UpgradeRefusal): void {
  const body = JSON.stringify({ type: `urn:undertone:problem:${code}`, code, detail });
  socket.on('error', () => {}); // the peer may be gone already; there is nothing left to tell it
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
