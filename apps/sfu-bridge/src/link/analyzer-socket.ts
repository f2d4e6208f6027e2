import type { Duplex } from 'node:stream';
import { workersHeader } from '@undertone/wire';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';

export interface AnalyzerSocketOptions {
  url: string;
  log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** First wait before a new attempt to connect; it doubles up to `maxRetryMs`. */
  retryMs?: number;
  maxRetryMs?: number;
  /** A peer that doesn't answer a ping within this time is given up. */
  heartbeatMs?: number;
}

export interface AnalyzerSocketListener {
  /** How many workers the analyzer has: told with every connection, before `opened`. */
  workers(workers: number): void;
  opened(): void;
  /** @param text empty for what is no text */
  received(text: string): void;
  lost(): void;
}

/** The analyzer's messages are credits: a few dozen bytes. */
const maxMessageBytes = 16 * 1_024;
const closeTimeoutMs = 1_000;
const maxWorkers = 1_024;

/** A WebSocket to one worker of the analyzer that connects again for ever, with growing pauses. */
export class AnalyzerSocket {
  connections = 0;

  readonly #url: string;
  readonly #log: AnalyzerSocketOptions['log'];
  readonly #retryMs: number;
  readonly #maxRetryMs: number;
  readonly #heartbeatMs: number;
  readonly #listener: AnalyzerSocketListener;
  #socket: WebSocket | null = null;
  /** What carries the WebSocket, to write many frames at once. */
  #stream: Duplex | null = null;
  #attempts = 0;
  #retry: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: AnalyzerSocketOptions, listener: AnalyzerSocketListener) {
    this.#url = options.url;
    this.#log = options.log;
    this.#retryMs = options.retryMs ?? 200;
    this.#maxRetryMs = options.maxRetryMs ?? 1_000;
    this.#heartbeatMs = options.heartbeatMs ?? 5_000;
    this.#listener = listener;
    this.#connect();
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Bytes that the socket has not got rid of. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** The bytes are copied, and may be reused at once: RFC 6455 §5.3 asks clients for masking. Lost without connection. */
  send(data: string | Uint8Array): void {
    if (this.connected) this.#socket?.send(data);
  }

  /** What is sent between this and `uncork` goes out in one system call. */
  cork(): void {
    this.#stream?.cork();
  }

  uncork(): void {
    this.#stream?.uncork();
  }

  reconnect(): void {
    this.#socket?.terminate();
  }

  /** Says goodbye; resolves when the analyzer has read everything, or takes too long. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const impatient = setTimeout(() => socket.terminate(), closeTimeoutMs);
    socket.close(1001, 'the bridge is shutting down');
    await gone;
    clearTimeout(impatient);
  }

  #connect(): void {
    const socket = new WebSocket(this.#url, {
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      handshakeTimeout: 5_000,
    });
    this.#socket = socket;
    socket.on('upgrade', (response) => {
      this.#stream = response.socket;
      const workers = Number(response.headers[workersHeader] ?? 1);
      if (Number.isInteger(workers) && workers >= 1 && workers <= maxWorkers) this.#listener.workers(workers);
    });
    socket.on('open', () => this.#opened(socket));
    socket.on('message', (data, isBinary) => {
      if (socket === this.#socket) this.#listener.received(isBinary ? '' : data.toString());
    });
    socket.on('error', (error) => this.#log.debug({ err: error }, 'analyzer link failed'));
    socket.on('close', () => this.#lost(socket));
  }

  #opened(socket: WebSocket): void {
    this.#log.info('analyzer connected');
    this.connections++;
    this.#attempts = 0;
    this.#listener.opened();
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    this.#heartbeat = setInterval(() => {
      if (!alive) {
        socket.terminate();
        return;
      }
      alive = false;
      socket.ping();
    }, this.#heartbeatMs);
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    this.#socket = null;
    this.#stream = null;
    this.#listener.lost();
    if (this.#attempts === 0) this.#log.warn('analyzer not connected; trying again until it is');
    const waitMs = Math.min(this.#maxRetryMs, this.#retryMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    // Spread, so that many bridges don't return at the same instant.
    this.#retry = setTimeout(() => this.#connect(), waitMs * (0.8 + 0.4 * Math.random()));
  }
}
