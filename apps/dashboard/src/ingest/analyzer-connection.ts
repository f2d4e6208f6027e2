import type { IngestConnection } from '@undertone/http';
import { type AnalysisMessage, parseAnalysisMessage, WireError } from '@undertone/wire';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { IngestRefusals } from './ingest-refusals.ts';

/** One connected analyzer. */
export class AnalyzerConnection implements IngestConnection {
  readonly id: number;
  readonly socket: WebSocket;
  /** When it said hello; null before. */
  helloAtMs: number | null = null;
  readonly #bucket: TokenBucket;
  readonly #refusals: IngestRefusals;
  readonly #clock: Clock;
  readonly #log: Pick<Logger, 'debug'>;
  readonly #take: (message: AnalysisMessage, connection: AnalyzerConnection) => void;

  /** @param take is handed every message that keeps the contract, `hello` first */
  constructor(
    id: number,
    socket: WebSocket,
    maxMessagesPerSecond: number,
    refusals: IngestRefusals,
    clock: Clock,
    log: Pick<Logger, 'debug'>,
    take: (message: AnalysisMessage, connection: AnalyzerConnection) => void,
  ) {
    this.id = id;
    this.socket = socket;
    this.#bucket = new TokenBucket(clock, maxMessagesPerSecond, 2 * maxMessagesPerSecond);
    this.#refusals = refusals;
    this.#clock = clock;
    this.#log = log;
    this.#take = take;
  }

  get greeted(): boolean {
    return this.helloAtMs !== null;
  }

  /** A message is validated here and nowhere else; one that breaks the contract is counted, and the connection goes on. */
  readText(text: string): void {
    const { counts } = this.#refusals;
    if (!this.#bucket.take()) {
      counts['rate-exceeded']++;
      return;
    }
    try {
      const message = parseAnalysisMessage(text);
      if (message.type === 'hello') this.helloAtMs = this.#clock();
      if (this.greeted) this.#take(message, this);
      else counts['message-before-hello']++;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      counts['message-malformed']++;
      this.#log.debug(
        { connectionId: this.id, reason: error.message },
        'malformed message from the analyzer',
      );
    }
  }

  readBinary(): void {
    this.#refusals.counts[this.#bucket.take() ? 'message-binary' : 'rate-exceeded']++;
  }
}
