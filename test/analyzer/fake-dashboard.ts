import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type AnalysisMessage, type EmotionPoint, parseAnalysisMessage } from '@undertone/wire';
import { type WebSocket, WebSocketServer } from 'ws';

/** Takes what an analyzer sends to `/ingest` and lets a test wait for it. */
export class FakeDashboard {
  /** Everything received, of all connections. */
  readonly messages: AnalysisMessage[] = [];
  connections = 0;
  readonly port: number;
  readonly #server: WebSocketServer;
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Set<() => void>();

  static async open(port = 0): Promise<FakeDashboard> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, path: '/ingest' });
    await once(server, 'listening');
    return new FakeDashboard(server);
  }

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('message', (data) => {
        this.messages.push(parseAnalysisMessage(data.toString()));
        for (const check of this.#waiting) check();
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ingest`;
  }

  /** Resolves as soon as the messages so far satisfy `condition`. */
  until(condition: (messages: AnalysisMessage[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition(this.messages)) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async untilLeft(speakerId: string): Promise<void> {
    await this.until((all) => all.some((m) => m.type === 'speaker-left' && m.speakerId === speakerId));
  }

  pointsOf(speakerId: string): EmotionPoint[] {
    return this.messages.flatMap((m) => (m.type === 'points' && m.speakerId === speakerId ? m.points : []));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
