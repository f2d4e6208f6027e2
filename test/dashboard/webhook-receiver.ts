import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks that answers what it is told to, else 204. */
export class WebhookReceiver {
  readonly received: { headers: IncomingHttpHeaders; body: string }[] = [];
  readonly answers: number[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      receiver.received.push({ headers: request.headers, body });
      const status = receiver.answers.shift() ?? 204;
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts`;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}
