import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { SocketIngest, type SocketIngestLimits, type UpgradeRefusal } from '@undertone/http';
import { tapProtocol } from '@undertone/wire';
import type { Logger } from 'pino';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import type { HostTools } from './host-call.ts';
import { HostConnection, type HostConnectionLimits } from './host-connection.ts';
import type { PipeListen } from './host-pipe.ts';
import { type HostRefusal, HostRefusals } from './host-refusals.ts';
import { carriesToken } from './host-token.ts';
import { OrphanSpeakers } from './orphan-speakers.ts';

export interface HostIngestOptions extends HostConnectionLimits, SocketIngestLimits {
  /** What hosts must know; null takes no host. */
  token: string | null;
  listen: PipeListen;
  /** How long speakers stay in their calls without their host. */
  keepOrphansMs: number;
}

/** Checks within the time that orphans are kept. */
const orphanChecks = 10;

/** The WebSocket `/tap`: other mediasoup applications announce speakers there, whose RTP they pipe in. */
export class HostIngest {
  readonly refusals = new HostRefusals();
  readonly #options: HostIngestOptions;
  readonly #tools: HostTools;
  readonly #log: Logger;
  readonly #ingest: SocketIngest<HostConnection>;
  #orphanCheck: NodeJS.Timeout | null = null;

  constructor(calls: LiveCalls, clock: Clock, options: HostIngestOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    const bridgeId = `bridge-${randomUUID().slice(0, 8)}`;
    const orphans = new OrphanSpeakers(options.keepOrphansMs);
    const tools: HostTools = { calls, clock, listen: options.listen, orphans };
    this.#tools = tools;
    this.#ingest = new SocketIngest({
      ...options,
      path: '/tap',
      owner: 'bridge',
      peer: 'host',
      subprotocol: tapProtocol,
      refusals: this.refusals.counts,
      clock,
      log,
      admit: (request) => this.#admit(request),
      open: (id, socket) =>
        new HostConnection(id, socket, bridgeId, tools, this.refusals, options, log, (greeted) =>
          this.#takeOver(greeted),
        ),
      closed: (connection, code) => this.#closed(connection, code),
    });
  }

  /** Hosts connected. */
  get hosts(): number {
    return this.#ingest.size;
  }

  /** Speakers whose host is connected. */
  get speakers(): number {
    let speakers = 0;
    for (const connection of this.#ingest.connections) speakers += connection.speakers;
    return speakers;
  }

  /** Requests of all hosts that are not answered yet. */
  get pendingRequests(): number {
    let requests = 0;
    for (const connection of this.#ingest.connections) requests += connection.pendingRequests;
    return requests;
  }

  /** Speakers who wait for their host. */
  get orphans(): number {
    return this.#tools.orphans.size;
  }

  /** Takes over the upgrades of `/tap`; other paths are left alone. */
  attach(server: Server): void {
    this.#ingest.attach(server);
    const { clock, orphans } = this.#tools;
    this.#orphanCheck = setInterval(
      () => orphans.removeOld(clock()),
      this.#options.keepOrphansMs / orphanChecks,
    ).unref();
  }

  /** Says goodbye to every host; they come back when the bridge does. Idempotent. */
  async close(): Promise<void> {
    if (this.#orphanCheck) clearInterval(this.#orphanCheck);
    await this.#ingest.close();
  }

  #admit({ headers }: IncomingMessage): UpgradeRefusal | null {
    const { token } = this.#options;
    const protocols = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim());
    if (token === null)
      return this.#refusal('403 Forbidden', 'tap-disabled', 'start the bridge with TAP_TOKEN to take hosts');
    if (!carriesToken(headers.authorization, token))
      return this.#refusal('401 Unauthorized', 'token-wrong', "send the value of the bridge's TAP_TOKEN");
    if (!protocols?.includes(tapProtocol))
      return this.#refusal('400 Bad Request', 'protocol-unsupported', `this bridge speaks ${tapProtocol}`);
    return null;
  }

  #refusal(status: string, code: HostRefusal, detail: string): UpgradeRefusal {
    this.refusals.counts[code]++;
    return { status, code, detail };
  }

  /** A tap that is back while its last connection only seems to live: what that one had is an orphan now. */
  #takeOver({ tapId, id }: HostConnection): void {
    for (const connection of this.#ingest.connections)
      if (connection.tapId === tapId && connection.id !== id) this.#ingest.drop(connection);
  }

  #closed(connection: HostConnection, code: number): void {
    connection.closed(code);
    if (connection.greeted) this.#log.info({ connectionId: connection.id, code }, 'host disconnected');
  }
}
