import {
  type AnalysisDecision,
  parseTapReply,
  type TapAnswers,
  type TapReply,
  type TapRequest,
  tapAnswerSchemas,
} from '@undertone/wire';
import { TapError } from './tap-error.ts';

/** What a session needs of its WebSocket. */
interface SessionSocket {
  send(text: string): void;
  terminate(): void;
}

/** What the bridge tells by itself. */
export interface SessionListener {
  welcomed(session: BridgeSession): void;
  decided(callId: string, speakerId: string, decision: AnalysisDecision): void;
  callLost(callId: string): void;
}

interface PendingRequest {
  request: TapRequest;
  resolve: (value: never) => void;
  reject: (error: TapError) => void;
  timeout: NodeJS.Timeout | null;
}

type Body<Type extends TapRequest['type']> = Omit<Extract<TapRequest, { type: Type }>, 'type' | 'requestId'>;

/** What the bridge is asked at once; the rest waits, so that a big host does not make it stumble. */
const maxUnderWay = 64;

/** One connection to the bridge, from its opening to its end: requests and their answers. */
export class BridgeSession {
  readonly #socket: SessionSocket;
  readonly #timeoutMs: number;
  readonly #listener: SessionListener;
  readonly #underWay = new Map<number, PendingRequest>();
  /** At most one for each speaker and call. */
  #waiting: PendingRequest[] = [];
  #lastRequestId = 0;
  #welcomed = false;
  #ended: TapError | null = null;

  constructor(socket: SessionSocket, timeoutMs: number, listener: SessionListener) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.#listener = listener;
  }

  /** Why it ended; null while it lasts. */
  get reason(): TapError | null {
    return this.#ended;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /**
   * Asks the bridge. Requests are sent in the order of the calls.
   * @throws TapError with the bridge's code if it refuses; `disconnected` or what else ended the session
   */
  request<Type extends TapRequest['type']>(type: Type, body: Body<Type>): Promise<TapAnswers[Type]> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      const request = { type, requestId: ++this.#lastRequestId, ...body } as unknown as TapRequest;
      this.#waiting.push({ request, resolve, reject, timeout: null });
      this.#send();
    });
  }

  /** Takes in a text message of the bridge; one that breaks the contract ends the session. */
  read(text: string): void {
    let reply: TapReply;
    try {
      reply = parseTapReply(text);
    } catch (error) {
      this.#break('protocol-unsupported', `the bridge says what this tap does not understand: ${error}`);
      return;
    }
    switch (reply.type) {
      case 'welcome':
        if (this.#welcomed) return;
        this.#welcomed = true;
        this.#listener.welcomed(this);
        break;
      case 'granted':
        this.#granted(reply.requestId, reply.value);
        break;
      case 'refused':
        this.#take(reply.requestId)?.reject(new TapError(reply.code, reply.message));
        break;
      case 'decision':
        this.#listener.decided(reply.callId, reply.speakerId, reply.decision);
        break;
      case 'call-lost':
        this.#listener.callLost(reply.callId);
    }
    this.#send();
  }

  /** Rejects everything that waits for an answer. Idempotent. */
  end(error: TapError): void {
    if (this.#ended) return;
    this.#ended = error;
    const pending = [...this.#underWay.values(), ...this.#waiting];
    this.#underWay.clear();
    this.#waiting = [];
    for (const { timeout, reject } of pending) {
      if (timeout) clearTimeout(timeout);
      reject(error);
    }
  }

  #send(): void {
    while (this.#underWay.size < maxUnderWay && !this.#ended) {
      const next = this.#waiting.shift();
      if (!next) return;
      const { requestId, type } = next.request;
      next.timeout = setTimeout(
        () => this.#break('bridge-unresponsive', `the bridge left ${type} unanswered; connecting again`),
        this.#timeoutMs,
      );
      this.#underWay.set(requestId, next);
      this.#socket.send(JSON.stringify(next.request));
    }
  }

  #granted(requestId: number, value: unknown): void {
    const pending = this.#take(requestId);
    if (!pending) return;
    const parsed = tapAnswerSchemas[pending.request.type].safeParse(value);
    if (parsed.success) pending.resolve(parsed.data as never);
    else {
      const error = new TapError(
        'protocol-unsupported',
        `the bridge answers ${pending.request.type} wrongly`,
      );
      pending.reject(error);
      this.#break(error.code, error.message);
    }
  }

  #take(requestId: number): PendingRequest | undefined {
    const pending = this.#underWay.get(requestId);
    this.#underWay.delete(requestId);
    if (pending?.timeout) clearTimeout(pending.timeout);
    return pending;
  }

  /** What the bridge now believes is unknown: only a new connection makes it known again. */
  #break(code: string, message: string): void {
    this.end(new TapError(code, message));
    this.#socket.terminate();
  }
}
