import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of somebody else: another origin, plain HTML, nothing of ours but what it loads. */
export class ForeignPage {
  /** Without a slash at the end, as in the `Origin` header. */
  readonly origin: string;
  /** What stands in the body. */
  body = '';
  lang = 'en';
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><html lang="${this.lang}"><head><title>A meeting</title><link rel="icon" href="data:,"></head><body><main><h1>A meeting</h1>${this.body}</main></body></html>`,
      );
    });
  }

  static async serve(): Promise<ForeignPage> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ForeignPage(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
