import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** Points are parsed rarely: what is measured is not this process, but it must keep up. */
const sampleOneIn = 20;

/** Stands in for the dashboard: counts points, and samples how old they are when they come. */
export class PointsSink {
  points = 0;
  readonly url: string;
  readonly #server: WebSocketServer;
  #messages = 0;
  #agesMs: number[] = [];

  static async open(): Promise<PointsSink> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ingest' });
    await once(server, 'listening');
    return new PointsSink(server);
  }

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ingest`;
    server.on('connection', (socket) => {
      socket.on('message', (data) => this.#take(String(data)));
    });
  }

  /** Ages of the points since the last call: from the end of their audio to their coming. */
  takeAgesMs(): number[] {
    const ages = this.#agesMs;
    this.#agesMs = [];
    return ages;
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #take(text: string): void {
    if (!text.startsWith('{"type":"points"')) return;
    if (this.#messages++ % sampleOneIn !== 0) {
      this.points += text.split('"atMs"').length - 1;
      return;
    }
    const { points } = JSON.parse(text) as { points: { atMs: number }[] };
    this.points += points.length;
    this.#agesMs.push(Date.now() - points.at(-1)!.atMs);
  }
}
