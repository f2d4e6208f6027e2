import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PlainSpeaker, plainSpeakerRequestSchema } from '@undertone/wire';

/** A bridge as the demo call sees it: the plain-speaker requests, and a UDP socket that keeps what arrives. */
export class FakeBridge {
  readonly events = new EventEmitter<{ packet: [Buffer] }>();
  readonly speakers = new Map<string, PlainSpeaker>();
  readonly #server: Server;
  readonly #udp: Socket;

  private constructor(server: Server, udp: Socket) {
    this.#server = server;
    this.#udp = udp;
    udp.on('message', (packet) => this.events.emit('packet', packet));
  }

  /** @param port of the HTTP server; 0 for a free one */
  static async listen(port = 0): Promise<FakeBridge> {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body } = bridge.#answer(
          request.method!,
          request.url!,
          Buffer.concat(chunks).toString(),
        );
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const bridge = new FakeBridge(server, udp);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return bridge;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#udp.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(method: string, url: string, text: string): { status: number; body: unknown } {
    const [, callId, speakerId] = /^\/calls\/([^/]+)\/speakers(?:\/([^/]+))?$/.exec(url) ?? [];
    if (method === 'POST' && speakerId === undefined) return this.#add(callId, text);
    if (!this.speakers.has(speakerId)) return { status: 404, body: { title: 'Not found' } };
    if (method === 'DELETE') this.speakers.delete(speakerId);
    return { status: 200, body: this.speakers.get(speakerId)?.speaker ?? null };
  }

  #add(callId: string, text: string): { status: number; body: unknown } {
    const request = plainSpeakerRequestSchema.parse(JSON.parse(text));
    const id = request.id ?? 'chosen';
    if (this.speakers.has(id)) return { status: 409, body: { title: 'Speaker exists' } };
    const plainSpeaker: PlainSpeaker = {
      speaker: {
        ...request,
        callId,
        id,
        muted: false,
        decision: { analysed: true, reason: 'consent granted' },
        joinedAtMs: 0,
      },
      rtp: {
        ip: '127.0.0.1',
        port: this.#udp.address().port,
        payloadType: 100,
        ssrc: 1_000 + this.speakers.size,
        clockRateHz: 48_000,
        audioLevelExtensionId: 10,
      },
    };
    this.speakers.set(id, plainSpeaker);
    return { status: 201, body: plainSpeaker };
  }
}
