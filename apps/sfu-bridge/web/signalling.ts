import type {
  Reply,
  SignallingClientEvents,
  SignallingErrorCode,
  SignallingServerEvents,
} from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';

type Asked = keyof SignallingClientEvents;
type RequestOf<Event extends Asked> = Parameters<SignallingClientEvents[Event]>[0];
type ReplyOf<Event extends Asked> = Parameters<Parameters<SignallingClientEvents[Event]>[1]>[0];
type ValueOf<Event extends Asked> = Extract<ReplyOf<Event>, { ok: true }>['value'];

const replyTimeoutMs = 10_000;

/** The bridge said no, or nothing. */
export class SignallingError extends Error {
  readonly code: SignallingErrorCode | 'no-reply';

  constructor(code: SignallingErrorCode | 'no-reply', message: string) {
    super(message);
    this.name = 'SignallingError';
    this.code = code;
  }
}

/** Acknowledged requests to the bridge, and its notifications: `libs/wire/src/signalling-events.ts`. */
export interface Signalling {
  readonly connected: boolean;
  connect(): void;
  disconnect(): void;
  /** @throws SignallingError */
  ask<Event extends Asked>(event: Event, request: RequestOf<Event>): Promise<ValueOf<Event>>;
  on<Event extends keyof SignallingServerEvents>(event: Event, listener: SignallingServerEvents[Event]): void;
  /** Called at every (re)connection. */
  onConnected(listener: () => void): void;
  /** Called when the connection is lost, and at every failed attempt to get it back. */
  onDisconnected(listener: () => void): void;
}

export class SocketSignalling implements Signalling {
  readonly #socket: Socket<SignallingServerEvents, SignallingClientEvents> = io('/signalling', {
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelayMax: 3_000,
  });

  get connected(): boolean {
    return this.#socket.connected;
  }

  connect(): void {
    this.#socket.connect();
  }

  disconnect(): void {
    this.#socket.disconnect();
  }

  async ask<Event extends Asked>(event: Event, request: RequestOf<Event>): Promise<ValueOf<Event>> {
    // socket.io would keep the request and send it after the next reconnection, to a bridge that does not know us.
    if (!this.connected) throw new SignallingError('no-reply', 'not connected to the call server');
    let reply: Reply<ValueOf<Event>, SignallingErrorCode>;
    try {
      const patient = this.#socket.timeout(replyTimeoutMs) as unknown as {
        emitWithAck(event: Event, request: RequestOf<Event>): Promise<typeof reply>;
      };
      reply = await patient.emitWithAck(event, request);
    } catch {
      throw new SignallingError('no-reply', `the call server did not answer "${event}"`);
    }
    if (!reply.ok) throw new SignallingError(reply.error.code, reply.error.message);
    return reply.value;
  }

  on<Event extends keyof SignallingServerEvents>(
    event: Event,
    listener: SignallingServerEvents[Event],
  ): void {
    (this.#socket as Socket).on(event as string, listener);
  }

  onConnected(listener: () => void): void {
    this.#socket.on('connect', listener);
  }

  onDisconnected(listener: () => void): void {
    this.#socket.on('disconnect', listener);
    this.#socket.on('connect_error', listener);
  }
}
