import type { IngestConnection } from '@undertone/http';
import {
  parseTapMessage,
  type TapAnswers,
  type TapMessage,
  type TapReply,
  type TapRequest,
  WireError,
} from '@undertone/wire';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { CallError } from '../calls/call-error.ts';
import { HostCall, type HostTools } from './host-call.ts';
import { HostError } from './host-error.ts';
import type { HostRefusal, HostRefusals } from './host-refusals.ts';

export interface HostConnectionLimits {
  /** Requests that wait for their turn or are being carried out. */
  maxPendingRequests: number;
  /** A connection with more refusals than this in ten seconds talks another language and is closed. */
  maxRefusals: number;
}

/** A host that has not read this much is not listening any more. */
const maxBufferedBytes = 1 << 20;
const refusalWindowMs = 10_000;
/** WebSocket close codes (RFC 6455 §7.4.1). */
const closeNormal = 1000;
const closePolicy = 1008;

/** One connected host: what its tap asks for, carried out call by call in the order in which it came. */
export class HostConnection implements IngestConnection {
  readonly id: number;
  readonly socket: WebSocket;
  /** Requests that wait for their turn or are being carried out. */
  pendingRequests = 0;
  /** Chosen by the tap; null before `hello`. */
  tapId: string | null = null;

  readonly #bridgeId: string;
  readonly #tools: HostTools;
  readonly #refusals: HostRefusals;
  readonly #limits: HostConnectionLimits;
  readonly #log: Logger;
  readonly #onHello: (connection: HostConnection) => void;
  readonly #calls = new Map<string, HostCall>();
  /** The last of each call's requests. */
  readonly #turns = new Map<string, Promise<void>>();
  #recentRefusals = 0;
  #recentSinceMs = 0;
  #closed = false;

  constructor(
    id: number,
    socket: WebSocket,
    bridgeId: string,
    tools: HostTools,
    refusals: HostRefusals,
    limits: HostConnectionLimits,
    log: Logger,
    onHello: (connection: HostConnection) => void,
  ) {
    this.id = id;
    this.socket = socket;
    this.#bridgeId = bridgeId;
    this.#tools = tools;
    this.#refusals = refusals;
    this.#limits = limits;
    this.#log = log;
    this.#onHello = onHello;
  }

  get greeted(): boolean {
    return this.tapId !== null;
  }

  get speakers(): number {
    let speakers = 0;
    for (const call of this.#calls.values()) speakers += call.size;
    return speakers;
  }

  readBinary(): void {
    this.refuse('message-binary');
  }

  /** What breaks the contract is counted, answered if it says to what, and the connection goes on. */
  readText(text: string): void {
    let message: TapMessage;
    try {
      message = parseTapMessage(text);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refuse('message-malformed');
      const requestId = requestIdOf(text);
      if (requestId !== null) this.#refuseRequest(requestId, 'request-malformed', error.message);
      return;
    }
    if (message.type === 'hello') this.#greet(message.tapId);
    else if (this.tapId === null) this.refuse('message-before-hello');
    else if (this.pendingRequests >= this.#limits.maxPendingRequests) {
      this.refuse('too-many-requests');
      this.#refuseRequest(message.requestId, 'too-many-requests', 'wait for earlier requests to be answered');
    } else this.#enqueue(message);
  }

  refuse(code: HostRefusal): void {
    this.#refusals.counts[code]++;
    const now = this.#tools.clock();
    if (now - this.#recentSinceMs >= refusalWindowMs) {
      this.#recentSinceMs = now;
      this.#recentRefusals = 0;
    }
    if (++this.#recentRefusals !== this.#limits.maxRefusals + 1) return;
    this.#refusals.counts['too-much-garbage']++;
    this.#log.warn({ connectionId: this.id, code }, 'closing a host connection that sends too much garbage');
    this.socket.close(closePolicy, 'too much garbage');
  }

  /**
   * The connection is gone. What arrived before is still carried out, a withdrawal of consent above all; then the
   * speakers are removed if the host said goodbye, and else left to a host that comes back.
   */
  closed(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const [callId, call] of this.#calls) {
      call.disconnect();
      this.#take(callId, async () => {
        if (code === closeNormal) call.removeAll();
        else call.orphanAll();
      });
    }
  }

  #greet(tapId: string): void {
    if (this.tapId !== null) return;
    this.tapId = tapId;
    this.#log.info({ connectionId: this.id, tapId }, 'host connected');
    this.#onHello(this);
    this.#tell({ type: 'welcome', bridgeId: this.#bridgeId });
  }

  #enqueue(request: TapRequest): void {
    const { callId, requestId } = request;
    this.pendingRequests++;
    this.#take(callId, async () => {
      try {
        this.#tell({ type: 'granted', requestId, value: await this.#answer(request) });
      } catch (error) {
        if (error instanceof CallError || error instanceof HostError)
          this.#refuseRequest(requestId, error.code, error.message);
        else {
          this.#log.error({ err: error, connectionId: this.id }, 'a request of a host failed');
          this.#refuseRequest(
            requestId,
            'media-unavailable',
            'the request failed; the log of the bridge says why',
          );
        }
      } finally {
        this.pendingRequests--;
        if (this.#calls.get(callId)?.size === 0 && !this.#closed) this.#calls.delete(callId);
      }
    });
  }

  /** Lets `turn` run after the call's earlier ones. */
  #take(callId: string, turn: () => Promise<void>): void {
    const turns = (this.#turns.get(callId) ?? Promise.resolve()).then(turn).finally(() => {
      if (this.#turns.get(callId) === turns) this.#turns.delete(callId);
    });
    this.#turns.set(callId, turns);
  }

  async #answer(request: TapRequest): Promise<TapAnswers[TapRequest['type']]> {
    const { callId } = request;
    let call = this.#calls.get(callId);
    if (!call) {
      call = new HostCall(callId, this.#tools, (message) => this.#tell(message));
      this.#calls.set(callId, call);
    }
    switch (request.type) {
      case 'set-speaker': {
        const { speakerId: id, name, role, consent, muted } = request;
        return call.set({ id, name, role, consent, muted });
      }
      case 'open-pipe':
        return call.openPipe(request.endpoint);
      case 'check-pipe':
        return call.checkPipe();
      case 'produce':
        return call.produce(request.speakerId, request.rtp);
      case 'stop-producing':
        return call.stopProducing(request.speakerId);
      case 'remove-speaker':
        return call.remove(request.speakerId);
    }
  }

  #refuseRequest(requestId: number, code: string, message: string): void {
    this.#tell({ type: 'refused', requestId, code, message: message.slice(0, 2_000) });
  }

  #tell(message: TapReply): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > maxBufferedBytes) {
      this.#refusals.counts.unresponsive++;
      this.socket.terminate();
      return;
    }
    this.socket.send(JSON.stringify(message));
  }
}

/** The number of a request that is otherwise malformed. */
function requestIdOf(text: string): number | null {
  try {
    const { requestId } = JSON.parse(text);
    return Number.isInteger(requestId) ? requestId : null;
  } catch {
    return null;
  }
}
