import type { IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';

/** RTP parameters and capabilities of a browser are a few kilobytes. */
const maxRequestBytes = 64 * 1_024;

/** socket.io with limits. */
export class SignallingAdapter extends IoAdapter {
  readonly #allowedOrigins: string[];

  /** `allowedOrigins`: besides the bridge's own, those whose pages may join calls. */
  constructor(app: INestApplication, allowedOrigins: string[]) {
    super(app);
    this.#allowedOrigins = allowedOrigins;
  }

  override createIOServer(
    ...[port, options]: Parameters<IoAdapter['createIOServer']>
  ): ReturnType<IoAdapter['createIOServer']> {
    return super.createIOServer(port, {
      ...options!,
      serveClient: false,
      maxHttpBufferSize: maxRequestBytes,
      allowRequest: (
        request: IncomingMessage,
        decide: (refusal: string | null, allowed: boolean) => void,
      ) => {
        const allowed = this.#allows(request);
        decide(allowed ? null : 'origin not allowed', allowed);
      },
    });
  }

  /** Browsers let any page open a WebSocket anywhere: only the Origin tells them apart. */
  #allows(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    if (origin === undefined || this.#allowedOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}
