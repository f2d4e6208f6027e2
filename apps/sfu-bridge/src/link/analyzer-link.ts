import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  type BridgeMessage,
  encodePcmFrame,
  maxFrameBytes,
  type PcmFrame,
  parseCreditMessage,
  type Speaker,
  WireError,
  workersHeader,
} from '@undertone/wire';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { TapCounters } from '../tap/tap-counters.ts';
import type { SpeakerStream } from './speaker-stream.ts';

export interface AnalyzerLinkOptions {
  url: string;
  counters: TapCounters;
  log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** As this process is known to the analyzer; streams of other links may not have the same numbers. */
  bridgeId?: string;
  nextStreamId?: () => number;
  /** Told with every connection how many workers the analyzer has, before anyone is announced. */
  onWorkers?: (workers: number) => void;
  /** How long a speaker whose media was lost is kept for when they come back. */
  keepLostMs: number;
  /** First wait before a new attempt to connect; it doubles up to `maxRetryMs`. */
  retryMs?: number;
  maxRetryMs?: number;
  /** A peer that doesn't answer a ping within this time is given up. */
  heartbeatMs?: number;
}

/** The analyzer's messages are credits: a few dozen bytes. */
const maxMessageBytes = 16 * 1_024;
const maxCredits = 10_000_000;
/** No more is handed to a socket that holds this much unsent; the rest waits in the rings. */
const maxBufferedBytes = 1 << 20;
const closeTimeoutMs = 1_000;
const maxWorkers = 1_024;

/**
 * The WebSocket to one worker of the analyzer. Tells it who speaks, and sends frames as far as the analyzer gives credit, one speaker
 * after the other. Without connection or credit frames wait in their speakers' rings, where the oldest are dropped.
 * After a reconnection all that the rings still hold is sent again: an analyzer that was restarted rebuilds the speakers'
 * state from it, one that was not knows the frames by their numbers.
 */
export class AnalyzerLink {
  connections = 0;
  /** Malformed messages. */
  faults = 0;

  readonly #url: string;
  readonly #bridgeId: string;
  readonly #nextStreamId: () => number;
  readonly #onWorkers: (workers: number) => void;
  readonly #counters: TapCounters;
  readonly #log: AnalyzerLinkOptions['log'];
  readonly #retryMs: number;
  readonly #maxRetryMs: number;
  readonly #heartbeatMs: number;
  readonly #keepLostMs: number;
  readonly #streams = new Set<SpeakerStream>();
  /** Streams with frames to send, in the order of their turns. */
  #queue: SpeakerStream[] = [];
  #lastStreamId = 0;
  #credits = 0;
  #socket: WebSocket | null = null;
  /** What carries the WebSocket, to write many frames at once. */
  #stream: Duplex | null = null;
  #attempts = 0;
  #retry: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #closed = false;
  readonly #bytes = Buffer.allocUnsafe(maxFrameBytes);
  readonly #frame: PcmFrame = {
    streamId: 0,
    sequence: 0,
    captureMs: 0,
    sampleCount: 0,
    concealedSamples: 0,
    discontinuity: false,
    samples: null,
  };

  constructor(options: AnalyzerLinkOptions) {
    this.#url = options.url;
    this.#bridgeId = options.bridgeId ?? `bridge-${randomUUID().slice(0, 8)}`;
    this.#nextStreamId = options.nextStreamId ?? (() => ++this.#lastStreamId);
    this.#onWorkers = options.onWorkers ?? (() => {});
    this.#counters = options.counters;
    this.#log = options.log;
    this.#retryMs = options.retryMs ?? 200;
    this.#maxRetryMs = options.maxRetryMs ?? 1_000;
    this.#heartbeatMs = options.heartbeatMs ?? 5_000;
    this.#keepLostMs = options.keepLostMs;
    this.#connect();
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Frames that the analyzer is ready to take. */
  get credits(): number {
    return this.#credits;
  }

  get queuedFrames(): number {
    let frames = 0;
    for (const stream of this.#streams) frames += stream.ring?.length ?? 0;
    return frames;
  }

  /** Capture time of the oldest frame that waits; NaN if none does. */
  get oldestCaptureMs(): number {
    let oldest = Number.NaN;
    for (const { ring } of this.#streams) {
      const captureMs = ring?.oldestCaptureMs ?? Number.NaN;
      if (!(captureMs >= oldest)) oldest = Number.isNaN(captureMs) ? oldest : captureMs;
    }
    return oldest;
  }

  /** Bytes that the socket has not got rid of. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Announces a speaker, or goes on with the stream of one whose media was lost. */
  join(speaker: Speaker): SpeakerStream {
    const lost = this.#findLost(speaker);
    if (lost) {
      this.#keep(lost);
      if (!speaker.decision.analysed) lost.ring?.clear();
      this.update(lost, speaker);
      return lost;
    }
    const stream: SpeakerStream = {
      streamId: this.#nextStreamId(),
      speaker,
      ring: null,
      worker: 0,
      queued: false,
      farewell: null,
    };
    this.#streams.add(stream);
    this.#announce(stream);
    return stream;
  }

  update(stream: SpeakerStream, speaker: Speaker): void {
    stream.speaker = speaker;
    this.#tell({ type: 'speaker-updated', streamId: stream.streamId, speaker });
  }

  /** The speaker's media is lost: `farewell` is said unless they join again within `keepLostMs`. */
  lose(stream: SpeakerStream, farewell: () => void): void {
    if (this.#closed || !this.#streams.has(stream)) return;
    this.#keep(stream);
    stream.farewell = setTimeout(farewell, this.#keepLostMs);
  }

  /** Gives up all streams, to be adopted by other links; the worker is told nothing. */
  release(): SpeakerStream[] {
    const streams = [...this.#streams];
    this.#streams.clear();
    this.#queue = [];
    for (const stream of streams) stream.queued = false;
    return streams;
  }

  /** Takes a stream over, with all that its ring holds. */
  adopt(stream: SpeakerStream): void {
    this.#streams.add(stream);
    this.#announce(stream);
  }

  /** Connects anew, and announces everyone again. */
  reconnect(): void {
    this.#socket?.terminate();
  }

  /** Sends what credit allows of the speaker's last frames, and says that it left. Idempotent. */
  leave(stream: SpeakerStream): void {
    if (!this.#streams.has(stream)) return;
    this.#keep(stream);
    this.sendFrames();
    this.#counters.droppedFrames += stream.ring?.length ?? 0;
    stream.ring?.clear();
    this.#streams.delete(stream);
    const { callId, id } = stream.speaker;
    this.#tell({ type: 'speaker-left', streamId: stream.streamId, callId, speakerId: id });
  }

  /** To be called when the stream's ring has a new frame; `sendFrames` will send it. */
  frameReady(stream: SpeakerStream): void {
    if (stream.queued) return;
    stream.queued = true;
    this.#queue.push(stream);
  }

  /**
   * Sends what waits, as far as there is credit: one frame of each stream in turn. To be called every few milliseconds;
   * everything goes out in one system call, which costs as much as decoding when it is made for each frame.
   */
  sendFrames(): void {
    const socket = this.#socket;
    if (this.#queue.length === 0 || this.#credits === 0 || socket?.readyState !== WebSocket.OPEN) return;
    const frame = this.#frame;
    let at = 0;
    this.#stream?.cork();
    while (at < this.#queue.length && this.#credits > 0 && socket.bufferedAmount < maxBufferedBytes) {
      const stream = this.#queue[at++];
      if (stream.ring?.take(frame)) {
        frame.streamId = stream.streamId;
        const length = encodePcmFrame(frame, this.#bytes);
        socket.send(this.#bytes.subarray(0, length));
        this.#credits--;
        this.#counters.sentFrames++;
      }
      // Those with more queue up again behind the others.
      if (stream.ring && stream.ring.length > 0) this.#queue.push(stream);
      else stream.queued = false;
    }
    this.#stream?.uncork();
    this.#queue.splice(0, at);
  }

  /** Says goodbye; resolves when the analyzer has read everything, or takes too long. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const stream of this.#streams) if (stream.farewell) this.leave(stream);
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const impatient = setTimeout(() => socket.terminate(), closeTimeoutMs);
    socket.close(1001, 'the bridge is shutting down');
    await gone;
    clearTimeout(impatient);
  }

  #connect(): void {
    // The frames are copied by the masking that RFC 6455 §5.3 asks of clients, so that one buffer serves them all.
    const socket = new WebSocket(this.#url, {
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      handshakeTimeout: 5_000,
    });
    this.#socket = socket;
    socket.on('upgrade', (response) => {
      this.#stream = response.socket;
      const workers = Number(response.headers[workersHeader] ?? 1);
      if (Number.isInteger(workers) && workers >= 1 && workers <= maxWorkers) this.#onWorkers(workers);
    });
    socket.on('open', () => this.#opened(socket));
    socket.on('message', (data, isBinary) => this.#received(socket, isBinary ? '' : data.toString()));
    socket.on('error', (error) => this.#log.debug({ err: error }, 'analyzer link failed'));
    socket.on('close', () => this.#lost(socket));
  }

  #opened(socket: WebSocket): void {
    this.#log.info('analyzer connected');
    this.connections++;
    this.#attempts = 0;
    this.#credits = 0;
    this.#tell({ type: 'hello', protocol: 1, bridgeId: this.#bridgeId });
    for (const stream of this.#streams) this.#announce(stream);
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    this.#heartbeat = setInterval(() => {
      if (!alive) {
        socket.terminate();
        return;
      }
      alive = false;
      socket.ping();
    }, this.#heartbeatMs);
  }

  #received(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    try {
      this.#credits = Math.min(maxCredits, this.#credits + parseCreditMessage(text).frames);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.faults++;
    }
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    this.#socket = null;
    this.#stream = null;
    this.#credits = 0;
    if (this.#attempts === 0) this.#log.warn('analyzer not connected; trying again until it is');
    const waitMs = Math.min(this.#maxRetryMs, this.#retryMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    // Spread, so that many bridges don't return at the same instant.
    this.#retry = setTimeout(() => this.#connect(), waitMs * (0.8 + 0.4 * Math.random()));
  }

  #announce(stream: SpeakerStream): void {
    this.#tell({ type: 'speaker-joined', streamId: stream.streamId, speaker: stream.speaker });
    if (!stream.ring) return;
    stream.ring.rewind();
    if (stream.ring.length > 0) this.frameReady(stream);
  }

  #findLost({ callId, id }: Speaker): SpeakerStream | undefined {
    for (const stream of this.#streams) {
      if (stream.farewell && stream.speaker.callId === callId && stream.speaker.id === id) return stream;
    }
    return undefined;
  }

  #keep(stream: SpeakerStream): void {
    if (stream.farewell) clearTimeout(stream.farewell);
    stream.farewell = null;
  }

  #tell(message: BridgeMessage): void {
    if (this.connected) this.#socket?.send(JSON.stringify(message));
  }
}
