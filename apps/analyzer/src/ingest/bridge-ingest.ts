import type { Server } from 'node:http';
import { SocketIngest, type SocketIngestLimits } from '@undertone/http';
import { workersHeader } from '@undertone/wire';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Roster } from '../session/roster.ts';
import { BridgeConnection, type ConnectionLimits } from './bridge-connection.ts';
import { IngestRefusals } from './ingest-refusals.ts';

export interface IngestLimits extends ConnectionLimits, SocketIngestLimits {
  /** Workers that the analyzer has, of which this may be one. */
  workers: number;
}

export const ingestPath = '/ingest';

/** The WebSocket `/ingest`, where bridges announce speakers (text) and deliver their audio (binary PCM frames). */
export class BridgeIngest {
  readonly refusals = new IngestRefusals();
  readonly #roster: Roster;
  readonly #log: Log;
  readonly #ingest: SocketIngest<BridgeConnection>;
  #framesOfClosed = 0;

  constructor(roster: Roster, clock: Clock, limits: IngestLimits, log: Log) {
    this.#roster = roster;
    this.#log = log;
    this.#ingest = new SocketIngest({
      ...limits,
      path: ingestPath,
      headers: [`${workersHeader}: ${limits.workers}`],
      owner: 'analyzer',
      peer: 'bridge',
      refusesOtherPaths: true,
      refusals: this.refusals.counts,
      clock,
      log,
      open: (id, socket) => new BridgeConnection(id, socket, roster, this.refusals, limits, clock, log),
      closed: (connection) => this.#closed(connection),
    });
  }

  /** Bridges connected. */
  get bridges(): number {
    return this.#ingest.size;
  }

  /** Bridges whose socket is not read because they sent faster than the model judges. */
  get paused(): number {
    let paused = 0;
    for (const connection of this.#ingest.connections) if (connection.paused) paused++;
    return paused;
  }

  /** Frames taken since the start. */
  get frames(): number {
    let sum = this.#framesOfClosed;
    for (const connection of this.#ingest.connections) sum += connection.frames;
    return sum;
  }

  /** Takes over the upgrades of `/ingest`; every other path is refused. */
  attach(server: Server): void {
    this.#ingest.attach(server);
  }

  /** Lets the bridges send more, after a tick: reads on where that was paused, and gives credit unless the model is behind. */
  relieve(behind: boolean): void {
    for (const connection of this.#ingest.connections) {
      connection.resumeIfRelieved();
      if (!behind) connection.grantCredit();
    }
  }

  /** Drops connections that answer no ping or never said hello; pings the others. */
  checkConnections(): void {
    this.#ingest.checkConnections();
  }

  /** Says goodbye to every bridge and waits until all are gone. Idempotent. */
  close(): Promise<void> {
    return this.#ingest.close();
  }

  #closed(connection: BridgeConnection): void {
    this.#framesOfClosed += connection.frames;
    this.#roster.orphan(connection.id);
    this.#log.info({ connectionId: connection.id }, 'bridge disconnected');
  }
}
