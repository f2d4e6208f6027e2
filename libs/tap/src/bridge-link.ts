import type { IncomingMessage } from 'node:http';
import { tapProtocol } from '@undertone/wire';
import { WebSocket } from 'ws';
import { BackOff } from './back-off.ts';
import { BridgeSession, type SessionListener } from './bridge-session.ts';
import { TapError } from './tap-error.ts';
import type { CheckedTapOptions } from './tap-options.ts';

const maxMessageBytes = 16 * 1_024;
const maxRefusalBytes = 4_096;
const farewellMs = 1_000;
/** WebSocket close code (RFC 6455 §7.4.1): the tap leaves for good. */
const closeNormal = 1000;

export interface LinkListener extends SessionListener {
  /** The session is over, or none came about; another attempt follows. */
  lost(error: TapError): void;
}

/** Keeps a connection to the bridge: connects, pings, and connects again when it is lost. */
export class BridgeLink {
  readonly #tapId: string;
  readonly #options: CheckedTapOptions;
  readonly #listener: LinkListener;
  readonly #backOff: BackOff;
  #socket: WebSocket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(tapId: string, options: CheckedTapOptions, listener: LinkListener) {
    this.#tapId = tapId;
    this.#options = options;
    this.#listener = listener;
    this.#backOff = new BackOff(options.retryMs, options.maxRetryMs);
    this.#connect();
  }

  /** Says goodbye; resolves when the connection is closed. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const impatient = setTimeout(() => socket.terminate(), farewellMs);
    socket.close(closeNormal, 'the tap is closing');
    await closed;
    clearTimeout(impatient);
  }

  #connect(): void {
    const { url, token, tls, requestTimeoutMs, heartbeatMs } = this.#options;
    const socket = new WebSocket(url, [tapProtocol], {
      ...tls,
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      handshakeTimeout: requestTimeoutMs,
    });
    this.#socket = socket;
    const unresponsive = () => {
      session.end(new TapError('bridge-unresponsive', 'the bridge does not answer; connecting again'));
      socket.terminate();
    };
    const session = new BridgeSession(socket, requestTimeoutMs, {
      welcomed: () => {
        clearTimeout(welcomeTimeout);
        this.#backOff.reset();
        this.#listener.welcomed(session);
      },
      decided: (...decision) => this.#listener.decided(...decision),
      callLost: (callId) => this.#listener.callLost(callId),
    });
    const welcomeTimeout = setTimeout(unresponsive, requestTimeoutMs);
    let alive = true;
    let heartbeat: NodeJS.Timeout | null = null;
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'hello', tapId: this.#tapId }));
      heartbeat = setInterval(() => {
        if (!alive) {
          unresponsive();
          return;
        }
        alive = false;
        socket.ping();
      }, heartbeatMs);
    });
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('message', (data, isBinary) => {
      alive = true;
      session.read(isBinary ? '' : data.toString());
    });
    socket.on('unexpected-response', async (_, response) => {
      session.end(await refusalOf(response));
      socket.terminate();
    });
    socket.on('error', (error) => {
      session.end(new TapError('bridge-unreachable', `the bridge can't be reached: ${error.message}`));
    });
    socket.on('close', (code, reason) => {
      clearTimeout(welcomeTimeout);
      if (heartbeat) clearInterval(heartbeat);
      this.#socket = null;
      session.end(new TapError('disconnected', `the bridge closed the connection (${code}) ${reason}`));
      this.#lost(session);
    });
  }

  #lost(session: BridgeSession): void {
    if (session.reason) this.#listener.lost(session.reason);
    if (this.#closed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#backOff.next());
  }
}

/** The bridge says why in problem details (RFC 9457); a proxy in between may say anything. */
async function refusalOf(response: IncomingMessage): Promise<TapError> {
  const status = response.statusCode;
  try {
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) {
      body += chunk;
      if (body.length > maxRefusalBytes) break;
    }
    const { code, detail } = JSON.parse(body);
    if (typeof code === 'string' && typeof detail === 'string')
      return new TapError(code, `the bridge refuses the tap: ${detail}`);
  } catch {
    // Whatever it is, the status is all that can be told.
  }
  return new TapError('bridge-unreachable', `no bridge answers there: HTTP status ${status}; check the url`);
}
