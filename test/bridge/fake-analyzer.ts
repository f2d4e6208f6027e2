import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type BridgeMessage, decodePcmFrame, type PcmFrame, parseBridgeMessage } from '@undertone/wire';
import { type WebSocket, WebSocketServer } from 'ws';

/** An analyzer that writes down what the bridge tells it, and gives credit when it is told to. */
export class FakeAnalyzer {
  readonly messages: BridgeMessage[] = [];
  readonly frames: PcmFrame[] = [];
  readonly port: number;

  readonly #server: WebSocketServer;
  readonly #credits: number;
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  /** `credits` are granted to every connection at once. */
  static async start(credits = 1_000_000, port = 0): Promise<FakeAnalyzer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, path: '/ingest' });
    await once(server, 'listening');
    return new FakeAnalyzer(server, credits);
  }

  private constructor(server: WebSocketServer, credits: number) {
    this.#server = server;
    this.#credits = credits;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#greet(socket));
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

  #greet(socket: WebSocket): void {
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.frames.push(decodePcmFrame(data as Buffer));
      else this.messages.push(parseBridgeMessage(data.toString()));
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const each of waiting) {
        if (each.holds()) each.resolve();
        else this.#waiting.push(each);
      }
    });
    if (this.#credits > 0) socket.send(JSON.stringify({ type: 'credit', frames: this.#credits }));
  }
}
