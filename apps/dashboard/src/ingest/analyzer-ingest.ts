import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { parseAnalysisMessage, WireError } from '@undertone/wire';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';

export interface IngestLimits {
  maxConnections: number;
  maxMessageBytes: number;
  maxMessagesPerSecond: number;
  /** A connection that answers no ping for this long is dropped; also the time in which `hello` must come. */
  silenceMs: number;
}

/** Why something from an analyzer was refused; the label of the metric. */
export interface IngestRefusals {
  'message-malformed': number;
  'message-binary': number;
  'message-oversized': number;
  'message-before-hello': number;
  'rate-exceeded': number;
  'too-many-connections': number;
  'from-a-browser': number;
  'no-hello': number;
  unresponsive: number;
}

interface AnalyzerConnection {
  id: number;
  socket: WebSocket;
  bucket: TokenBucket;
  helloAtMs: number | null;
  openedAtMs: number;
  answered: boolean;
}

const ingestPath = '/ingest';
/** How long a peer has to answer a close. */
const farewellMs = 1_000;

/**
 * The WebSocket `/ingest`, where analyzers deliver `AnalysisMessage`s as text. A message is validated here and nowhere
 * else; one that breaks the contract is counted by its code and dropped, and the connection goes on.
 */
export class AnalyzerIngest {
  readonly refusals: IngestRefusals = {
    'message-malformed': 0,
    'message-binary': 0,
    'message-oversized': 0,
    'message-before-hello': 0,
    'rate-exceeded': 0,
    'too-many-connections': 0,
    'from-a-browser': 0,
    'no-hello': 0,
    unresponsive: 0,
  };
  /** Messages taken. */
  messages = 0;
  /** Called with every change of `connected`. */
  onLink: (connected: boolean) => void = () => {};

  readonly #calls: LiveCalls;
  readonly #clock: Clock;
  readonly #limits: IngestLimits;
  readonly #log: Logger;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<AnalyzerConnection>();
  #nextId = 1;
  #pulse: NodeJS.Timeout | null = null;
  #detach: () => void = () => {};

  constructor(calls: LiveCalls, clock: Clock, limits: IngestLimits, log: Logger) {
    this.#calls = calls;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.maxMessageBytes,
      perMessageDeflate: false,
    });
  }

  /** Whether an analyzer that said hello is connected. */
  get connected(): boolean {
    return this.oldestHelloAtMs !== null;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** When the longest-standing connection said hello; null if none did. */
  get oldestHelloAtMs(): number | null {
    let oldest: number | null = null;
    for (const { helloAtMs } of this.#connections) {
      if (helloAtMs !== null && (oldest === null || helloAtMs < oldest)) oldest = helloAtMs;
    }
    return oldest;
  }

  /** Takes over the upgrades of `/ingest`; other paths are left alone. */
  attach(server: Server): void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (new URL(request.url ?? '/', 'http://localhost').pathname === ingestPath)
        this.#upgrade(request, socket, head);
    };
    server.on('upgrade', upgrade);
    this.#detach = () => server.off('upgrade', upgrade);
    this.#pulse = setInterval(() => this.#checkConnections(), this.#limits.silenceMs).unref();
  }

  close(): void {
    this.#detach();
    if (this.#pulse) clearInterval(this.#pulse);
    for (const { socket } of this.#connections) {
      socket.close(1001, 'the dashboard is stopping');
      setTimeout(() => socket.terminate(), farewellMs).unref();
    }
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.headers.origin !== undefined) {
      // Browsers always send an Origin; an analyzer never does. A web page must not be able to write points.
      this.#refuse(socket, '403 Forbidden', 'from-a-browser');
    } else if (this.#connections.size >= this.#limits.maxConnections) {
      this.#refuse(socket, '503 Service Unavailable', 'too-many-connections');
    } else {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(webSocket));
    }
  }

  #refuse(socket: Duplex, status: string, code: keyof IngestRefusals): void {
    this.refusals[code]++;
    socket.on('error', () => {}); // the peer may be gone already; there is nothing left to tell it
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  #opened(socket: WebSocket): void {
    const { maxMessagesPerSecond } = this.#limits;
    const connection: AnalyzerConnection = {
      id: this.#nextId++,
      socket,
      bucket: new TokenBucket(this.#clock, maxMessagesPerSecond, 2 * maxMessagesPerSecond),
      helloAtMs: null,
      openedAtMs: this.#clock(),
      answered: true,
    };
    this.#connections.add(connection);
    socket.on('message', (data, isBinary) => this.#received(connection, data, isBinary));
    socket.on('pong', () => {
      connection.answered = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.refusals['message-oversized']++;
      this.#log.warn({ linkId: connection.id, code: error.code }, 'analyzer connection failed');
    });
    socket.on('close', () => this.#closed(connection));
  }

  #received(connection: AnalyzerConnection, data: RawData, isBinary: boolean): void {
    connection.answered = true;
    if (!connection.bucket.take()) {
      this.refusals['rate-exceeded']++;
      return;
    }
    if (isBinary) {
      this.refusals['message-binary']++;
      return;
    }
    try {
      const message = parseAnalysisMessage(data.toString());
      if (message.type === 'hello') this.#greeted(connection, message.analyzerId);
      else if (connection.helloAtMs === null) {
        this.refusals['message-before-hello']++;
        return;
      }
      this.#calls.apply(message, connection.id);
      this.messages++;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refusals['message-malformed']++;
      this.#log.debug(
        { linkId: connection.id, reason: error.message },
        'malformed message from the analyzer',
      );
    }
  }

  #greeted(connection: AnalyzerConnection, analyzerId: string): void {
    const before = this.connected;
    connection.helloAtMs = this.#clock();
    this.#log.info({ linkId: connection.id, analyzerId }, 'analyzer connected');
    if (!before) this.onLink(true);
  }

  #closed(connection: AnalyzerConnection): void {
    this.#connections.delete(connection);
    this.#calls.linkLost(connection.id);
    if (connection.helloAtMs === null) return;
    this.#log.info({ linkId: connection.id }, 'analyzer disconnected');
    if (!this.connected) this.onLink(false);
  }

  #checkConnections(): void {
    for (const connection of this.#connections) {
      const age = this.#clock() - connection.openedAtMs;
      if (connection.helloAtMs === null && age >= this.#limits.silenceMs) {
        this.refusals['no-hello']++;
        connection.socket.close(1008, 'say hello first');
        setTimeout(() => connection.socket.terminate(), farewellMs).unref();
      } else if (!connection.answered) {
        this.refusals.unresponsive++;
        connection.socket.terminate();
      } else {
        connection.answered = false;
        connection.socket.ping();
      }
    }
  }
}
