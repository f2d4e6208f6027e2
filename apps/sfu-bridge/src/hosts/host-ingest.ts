import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { tapProtocol } from '@undertone/wire';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import type { HostTools } from './host-call.ts';
import { HostConnection, type HostConnectionLimits } from './host-connection.ts';
import type { PipeListen } from './host-pipe.ts';
import { type HostRefusal, HostRefusals } from './host-refusals.ts';
import { carriesToken } from './host-token.ts';
import { OrphanSpeakers } from './orphan-speakers.ts';

export interface HostIngestOptions extends HostConnectionLimits {
  /** What hosts must know; null takes no host. */
  token: string | null;
  listen: PipeListen;
  maxConnections: number;
  maxMessageBytes: number;
  /** A connection that answers no ping for this long is dropped; also the time in which `hello` must come. */
  silenceMs: number;
  /** How long speakers stay in their calls without their host. */
  keepOrphansMs: number;
}

const tapPath = '/tap';
const closeTimeoutMs = 500;
/** Checks within the time that orphans are kept. */
const orphanChecks = 10;
/** WebSocket close codes (RFC 6455 §7.4.1). */
const closeGoingAway = 1001;
const closePolicy = 1008;

/** The WebSocket `/tap`: other mediasoup applications announce speakers there, whose RTP they pipe in. */
export class HostIngest {
  readonly refusals = new HostRefusals();
  readonly #options: HostIngestOptions;
  readonly #tools: HostTools;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #bridgeId = `bridge-${randomUUID().slice(0, 8)}`;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<HostConnection>();
  #nextId = 1;
  #pulses: NodeJS.Timeout[] = [];
  #detach: () => void = () => {};

  constructor(calls: LiveCalls, clock: Clock, options: HostIngestOptions, log: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#tools = {
      calls,
      clock,
      listen: options.listen,
      orphans: new OrphanSpeakers(options.keepOrphansMs),
    };
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessageBytes,
      perMessageDeflate: false,
      handleProtocols: () => tapProtocol,
    });
  }

  /** Hosts connected. */
  get hosts(): number {
    return this.#connections.size;
  }

  /** Speakers whose host is connected. */
  get speakers(): number {
    let speakers = 0;
    for (const connection of this.#connections) speakers += connection.speakers;
    return speakers;
  }

  /** Speakers who wait for their host. */
  get orphans(): number {
    return this.#tools.orphans.size;
  }

  /** Takes over the upgrades of `/tap`; other paths are left alone. */
  attach(server: Server): void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (new URL(request.url ?? '/', 'http://localhost').pathname === tapPath)
        this.#upgrade(request, socket, head);
    };
    server.on('upgrade', upgrade);
    this.#detach = () => server.off('upgrade', upgrade);
    const { silenceMs, keepOrphansMs } = this.#options;
    this.#pulses = [
      setInterval(() => this.#checkConnections(), silenceMs).unref(),
      setInterval(() => this.#tools.orphans.removeOld(this.#clock()), keepOrphansMs / orphanChecks).unref(),
    ];
  }

  /** Says goodbye to every host; they come back when the bridge does. Idempotent. */
  close(): void {
    this.#detach();
    for (const pulse of this.#pulses) clearInterval(pulse);
    for (const { socket } of this.#connections) {
      socket.close(closeGoingAway, 'the bridge is stopping');
      setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
    }
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { token, maxConnections } = this.#options;
    const protocols = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim());
    if (request.headers.origin !== undefined)
      // Browsers always send an Origin; a tap never does.
      this.#refuse(socket, '403 Forbidden', 'from-a-browser', 'taps are not web pages');
    else if (token === null)
      this.#refuse(socket, '403 Forbidden', 'tap-disabled', 'start the bridge with TAP_TOKEN to take hosts');
    else if (!carriesToken(request.headers.authorization, token))
      this.#refuse(socket, '401 Unauthorized', 'token-wrong', "send the value of the bridge's TAP_TOKEN");
    else if (!protocols?.includes(tapProtocol))
      this.#refuse(socket, '400 Bad Request', 'protocol-unsupported', `this bridge speaks ${tapProtocol}`);
    else if (this.#connections.size >= maxConnections)
      this.#refuse(
        socket,
        '503 Service Unavailable',
        'too-many-connections',
        `this bridge takes ${maxConnections} hosts, its limit`,
      );
    else this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(webSocket));
  }

  #refuse(socket: Duplex, status: string, code: HostRefusal, detail: string): void {
    this.refusals.counts[code]++;
    const body = JSON.stringify({ type: `urn:undertone:problem:${code}`, code, detail });
    socket.on('error', () => {}); // the peer may be gone already; there is nothing left to tell it
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  #opened(socket: WebSocket): void {
    const connection = new HostConnection(
      this.#nextId++,
      socket,
      this.#bridgeId,
      this.#tools,
      this.refusals,
      this.#options,
      this.#log,
      (greeted) => this.#takeOver(greeted),
    );
    this.#connections.add(connection);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) connection.refuse('message-binary');
      else connection.read(data.toString());
    });
    socket.on('pong', () => {
      connection.alive = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.refusals.counts['message-oversized']++;
      this.#log.warn({ connectionId: connection.id, code: error.code }, 'host connection failed');
    });
    socket.on('close', (code) => this.#closed(connection, code));
  }

  /** A tap that is back while its last connection only seems to live: what that one had is an orphan now. */
  #takeOver({ tapId, id }: HostConnection): void {
    for (const connection of this.#connections) {
      if (connection.tapId !== tapId || connection.id === id) continue;
      connection.socket.terminate();
      this.#closed(connection, closeGoingAway);
    }
  }

  #closed(connection: HostConnection, code: number): void {
    if (!this.#connections.delete(connection)) return;
    connection.closed(code);
    if (connection.tapId !== null) this.#log.info({ connectionId: connection.id, code }, 'host disconnected');
  }

  #checkConnections(): void {
    for (const connection of this.#connections) {
      const { tapId, openedAtMs, alive, socket } = connection;
      if (tapId === null && this.#clock() - openedAtMs >= this.#options.silenceMs) {
        this.refusals.counts['no-hello']++;
        socket.close(closePolicy, 'say hello first');
        setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
      } else if (!alive) {
        this.refusals.counts.unresponsive++;
        socket.terminate();
      } else {
        connection.alive = false;
        socket.ping();
      }
    }
  }
}
