import {
  type BridgeMessage,
  blankPcmFrame,
  encodePcmFrame,
  maxFrameBytes,
  parseCreditMessage,
  type Speaker,
  WireError,
} from '@undertone/wire';
import type { TapCounters } from '../tap/tap-counters.ts';
import { AnalyzerSocket, type AnalyzerSocketOptions } from './analyzer-socket.ts';
import type { SpeakerStream } from './speaker-stream.ts';

export interface AnalyzerLinkOptions extends AnalyzerSocketOptions {
  counters: TapCounters;
  /** As this process is known to the analyzer; streams of other links may not have the same numbers. */
  bridgeId: string;
  nextStreamId: () => number;
  /** Told with every connection how many workers the analyzer has, before anyone is announced. */
  onWorkers: (workers: number) => void;
  /** How long a speaker whose media was lost is kept for when they come back. */
  keepLostMs: number;
}

const maxCredits = 10_000_000;
/** No more is handed to a socket that holds this much unsent; the rest waits in the rings. */
const maxBufferedBytes = 1 << 20;

/**
 * What one worker of the analyzer is sent. Tells it who speaks, and sends frames as far as the analyzer gives credit, one speaker
 * after the other. Without connection or credit frames wait in their speakers' rings, where the oldest are dropped.
 * After a reconnection all that the rings still hold is sent again: an analyzer that was restarted rebuilds the speakers'
 * state from it, one that was not knows the frames by their numbers.
 */
export class AnalyzerLink {
  /** Malformed messages. */
  faults = 0;

  readonly #bridgeId: string;
  readonly #nextStreamId: () => number;
  readonly #counters: TapCounters;
  readonly #keepLostMs: number;
  readonly #socket: AnalyzerSocket;
  readonly #streams = new Set<SpeakerStream>();
  /** Streams with frames to send, in the order of their turns. */
  #queue: SpeakerStream[] = [];
  #credits = 0;
  #closed = false;
  readonly #bytes = Buffer.allocUnsafe(maxFrameBytes);
  readonly #frame = blankPcmFrame();

  constructor(options: AnalyzerLinkOptions) {
    this.#bridgeId = options.bridgeId;
    this.#nextStreamId = options.nextStreamId;
    this.#counters = options.counters;
    this.#keepLostMs = options.keepLostMs;
    this.#socket = new AnalyzerSocket(options, {
      workers: options.onWorkers,
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      lost: () => {
        this.#credits = 0;
      },
    });
  }

  get connections(): number {
    return this.#socket.connections;
  }

  get connected(): boolean {
    return this.#socket.connected;
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
    return this.#socket.bufferedBytes;
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
    this.#socket.reconnect();
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
    if (this.#queue.length === 0 || this.#credits === 0 || !socket.connected) return;
    const frame = this.#frame;
    let at = 0;
    socket.cork();
    while (at < this.#queue.length && this.#credits > 0 && socket.bufferedBytes < maxBufferedBytes) {
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
    socket.uncork();
    this.#queue.splice(0, at);
  }

  /** Says goodbye; resolves when the analyzer has read everything, or takes too long. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const stream of this.#streams) if (stream.farewell) this.leave(stream);
    this.#closed = true;
    await this.#socket.close();
  }

  #opened(): void {
    this.#credits = 0;
    this.#tell({ type: 'hello', protocol: 1, bridgeId: this.#bridgeId });
    for (const stream of this.#streams) this.#announce(stream);
  }

  #received(text: string): void {
    try {
      this.#credits = Math.min(maxCredits, this.#credits + parseCreditMessage(text).frames);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.faults++;
    }
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
    this.#socket.send(JSON.stringify(message));
  }
}
