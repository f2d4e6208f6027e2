import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type BridgeMessage,
  decodePcmFrame,
  type PcmFrame,
  parseBridgeMessage,
  workersHeader,
} from '@undertone/wire';
import { type WebSocket, WebSocketServer } from 'ws';

/** An analyzer that writes down what the bridge tells it, and gives credit when it is told to. */
export class FakeAnalyzer {
  readonly messages: BridgeMessage[] = [];
  readonly frames: PcmFrame[] = [];
  /** Who was announced to which of the workers, as `worker/speaker`. */
  readonly announced: string[] = [];
  readonly port: number;

  readonly #server: WebSocketServer;
  readonly #credits: number;
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  /** `credits` are granted to every connection at once; all `workers` are this one. */
  static async start(credits = 1_000_000, port = 0, workers = 1): Promise<FakeAnalyzer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, path: '/ingest' });
    if (workers > 1) server.on('headers', (lines) => lines.push(`${workersHeader}: ${workers}`));
    await once(server, 'listening');
    return new FakeAnalyzer(server, credits);
  }

  private constructor(server: WebSocketServer, credits: number) {
    this.#server = server;
    this.#credits = credits;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket, { url }) => {
      const worker = new URL(url ?? '/', 'ws://localhost').searchParams.get('worker') ?? '0';
      this.#greet(socket, worker);
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ingest`;
  }

  grant(frames: number): void {
    this.send(JSON.stringify({ type: 'credit', frames }));
  }

  send(text: string): void {
    for (const socket of this.#server.clients) socket.send(text);
  }

  /** Resolves when `holds` does; it is looked at after everything that arrives. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ holds, resolve });
    });
  }

  framesOf(streamId: number): PcmFrame[] {
    return this.frames.filter((frame) => frame.streamId === streamId);
  }

  /** Breaks all connections; new ones are taken. */
  hangUp(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #greet(socket: WebSocket, worker: string): void {
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.frames.push(decodePcmFrame(data as Buffer));
      else this.#told(parseBridgeMessage(data.toString()), worker);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const each of waiting) {
        if (each.holds()) each.resolve();
        else this.#waiting.push(each);
      }
    });
    if (this.#credits > 0) socket.send(JSON.stringify({ type: 'credit', frames: this.#credits }));
  }

  #told(message: BridgeMessage, worker: string): void {
    this.messages.push(message);
    if (message.type === 'speaker-joined') this.announced.push(`${worker}/${message.speaker.id}`);
  }
}
