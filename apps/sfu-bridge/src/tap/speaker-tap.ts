import type { Clock } from '../clock.ts';
import type { SpeechDecoderFactory } from '../opus/speech-decoder.ts';
import type { CallTap, TappedProducer, TapReceiver } from './call-tap.ts';
import type { FrameRing } from './frame-ring.ts';
import { OpusStream } from './opus-stream.ts';
import { SpeechTrack } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

/** What every tap shares. */
export interface TapTools {
  clock: Clock;
  counters: TapCounters;
  decoders: SpeechDecoderFactory;
  playoutDelayMs: number;
  maxPlayoutDelayMs: number;
  /** Frames that wait for the analyzer, per speaker, at most. */
  ringFrames: number;
}

/** Listens to one producer for as long as the speaker may be analysed. */
export class SpeakerTap {
  readonly #tools: TapTools;
  readonly #track: SpeechTrack;
  readonly #receiver: TapReceiver = {
    packet: (bytes) => this.#stream?.receive(bytes, this.#tools.clock()),
    report: (ntpMs, rtpTimestamp) => this.#stream?.report(ntpMs, rtpTimestamp, this.#tools.clock()),
  };
  #stream: OpusStream | null = null;
  #tapped: TappedProducer | null = null;
  #listening = false;
  #closed = false;

  /** `onFrame` is called when a frame is ready in `ring`. */
  constructor(tools: TapTools, ring: FrameRing, onFrame: () => void) {
    this.#tools = tools;
    this.#track = new SpeechTrack(ring, tools.clock(), onFrame);
  }

  /**
   * Consumes the producer and decodes what comes. If `close` is called meanwhile, nothing is ever consumed.
   * @throws DecoderLimitError if no further speaker can be decoded
   */
  async open(callTap: Promise<CallTap>, producerId: string): Promise<void> {
    const tap = await callTap;
    if (this.#closed) return;
    const decoder = await this.#tools.decoders.create();
    let tapped: TappedProducer | null = null;
    try {
      if (!this.#closed) tapped = await tap.consume(producerId, this.#receiver);
    } finally {
      if (this.#closed || !tapped) {
        tapped?.close();
        decoder.close();
      }
    }
    if (this.#closed || !tapped) return;
    const { playoutDelayMs, maxPlayoutDelayMs, counters } = this.#tools;
    this.#tapped = tapped;
    this.#stream = new OpusStream({
      format: tapped.format,
      playoutDelayMs,
      maxPlayoutDelayMs,
      decoder,
      counters,
      track: this.#track,
    });
    await tapped.resume();
    this.#listening = !this.#closed;
  }

  /** Whether packets come. */
  get listening(): boolean {
    return this.#listening;
  }

  tick(nowMs: number): void {
    this.#stream?.tick(nowMs);
  }

  /** After a mute: see `OpusStream.resume`. */
  resume(): void {
    this.#stream?.resume();
  }

  /** Stops listening at once: whatever is not decoded yet never is. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listening = false;
    this.#stream?.close();
    this.#tapped?.close();
    this.#stream = null;
    this.#tapped = null;
  }
}
