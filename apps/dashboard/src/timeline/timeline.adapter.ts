import type { IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { isOriginAllowed } from '../http/allowed-origin.ts';
import { TimelineBroadcast } from './timeline-broadcast.ts';

export interface ViewerLimits {
  maxViewers: number;
  /** Origins, besides the dashboard's own, whose pages may connect. */
  allowedOrigins: string[];
}

type ConnectionRefusal = 'too-many-viewers' | 'origin-not-allowed';

/** No browser request is longer: they hold one identifier. */
const maxRequestBytes = 4_096;

/**
 * socket.io with limits. Only WebSocket: what the broadcast knows of slow viewers comes from the transport, and long
 * polling has no back-pressure.
 */
export class TimelineAdapter extends IoAdapter {
  readonly #limits: ViewerLimits;
  readonly #refusals: TimelineBroadcast['refusals'];

  constructor(app: INestApplication, limits: ViewerLimits) {
    super(app);
    this.#limits = limits;
    this.#refusals = app.get(TimelineBroadcast).refusals;
  }

  override createIOServer(
    ...[port, options]: Parameters<IoAdapter['createIOServer']>
  ): ReturnType<IoAdapter['createIOServer']> {
    const server = super.createIOServer(port, {
      ...options!,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: maxRequestBytes,
      allowRequest: (
        request: IncomingMessage,
        decide: (refusal: string | null, allowed: boolean) => void,
      ) => {
        const refusal = this.#refusal(request, server.engine.clientsCount);
        if (refusal !== null) this.#refusals[refusal]++;
        decide(refusal, refusal === null);
      },
    });
    return server;
  }

  /** Why a connection is refused. Browsers let any page open a WebSocket anywhere: only the Origin tells them apart. */
  #refusal(request: IncomingMessage, viewers: number): ConnectionRefusal | null {
    if (viewers >= this.#limits.maxViewers) return 'too-many-viewers';
    return isOriginAllowed(request.headers, this.#limits.allowedOrigins) ? null : 'origin-not-allowed';
  }
}
