import type { Server } from 'node:http';
import { SocketIngest, type SocketIngestLimits } from '@undertone/http';
import type { AnalysisMessage } from '@undertone/wire';
import type { Logger } from 'pino';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import { AnalyzerConnection } from './analyzer-connection.ts';
import { IngestRefusals } from './ingest-refusals.ts';

export interface IngestLimits extends SocketIngestLimits {
  maxMessagesPerSecond: number;
}

/** The WebSocket `/ingest`, where analyzers deliver `AnalysisMessage`s as text. */
export class AnalyzerIngest {
  readonly refusals = new IngestRefusals();
  /** Messages taken. */
  messages = 0;
  /** Called with every change of `connected`. */
  onLink: (connected: boolean) => void = () => {};

  /** Called with the age of every message's newest point when it comes. */
  onPoints: (lagMs: number) => void = () => {};

  readonly #calls: LiveCalls;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #ingest: SocketIngest<AnalyzerConnection>;
  #connected = false;

  constructor(calls: LiveCalls, clock: Clock, limits: IngestLimits, log: Logger) {
    this.#calls = calls;
    this.#clock = clock;
    this.#log = log;
    const take = (message: AnalysisMessage, connection: AnalyzerConnection) =>
      this.#take(message, connection);
    this.#ingest = new SocketIngest({
      ...limits,
      path: '/ingest',
      owner: 'dashboard',
      peer: 'analyzer',
      refusals: this.refusals.counts,
      clock,
      log,
      open: (id, socket) =>
        new AnalyzerConnection(id, socket, limits.maxMessagesPerSecond, this.refusals, clock, log, take),
      closed: (connection) => this.#closed(connection),
    });
  }

  /** Whether an analyzer that said hello is connected. */
  get connected(): boolean {
    return this.oldestHelloAtMs !== null;
  }

  get connections(): number {
    return this.#ingest.size;
  }

  /** When the longest-standing connection said hello; null if none did. */
  get oldestHelloAtMs(): number | null {
    let oldest: number | null = null;
    for (const { helloAtMs } of this.#ingest.connections) {
      if (helloAtMs !== null && (oldest === null || helloAtMs < oldest)) oldest = helloAtMs;
    }
    return oldest;
  }

  /** Takes over the upgrades of `/ingest`; other paths are left alone. */
  attach(server: Server): void {
    this.#ingest.attach(server);
  }

  /** Says goodbye to every analyzer, and resolves when all are gone. Idempotent. */
  close(): Promise<void> {
    return this.#ingest.close();
  }

  #take(message: AnalysisMessage, { id }: AnalyzerConnection): void {
    if (message.type === 'hello') {
      this.#log.info({ connectionId: id, analyzerId: message.analyzerId }, 'analyzer connected');
      this.#tellLink();
    }
    if (message.type === 'points') this.onPoints(this.#clock() - (message.points.at(-1)?.atMs ?? Number.NaN));
    this.#calls.apply(message, id);
    this.messages++;
  }

  #closed(connection: AnalyzerConnection): void {
    this.#calls.linkLost(connection.id);
    if (!connection.greeted) return;
    this.#log.info({ connectionId: connection.id }, 'analyzer disconnected');
    this.#tellLink();
  }

  #tellLink(): void {
    if (this.connected === this.#connected) return;
    this.#connected = this.connected;
    this.onLink(this.#connected);
  }
}
