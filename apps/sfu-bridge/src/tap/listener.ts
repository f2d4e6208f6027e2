import type { Clock } from '../clock.ts';
import type { SpeechDecoder, SpeechDecoderFactory } from '../opus/speech-decoder.ts';
import type { CallSocket, TapReceiver } from './call-socket.ts';
import type { FrameRing } from './frame-ring.ts';
import { OpusStream, type RtpFormat } from './opus-stream.ts';
import { SpeechTrack } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

/** What every listener shares. */
export interface ListenerTools {
  clock: Clock;
  counters: TapCounters;
  decoders: SpeechDecoderFactory;
  playoutDelayMs: number;
  maxPlayoutDelayMs: number;
}

/** Listens to one SSRC of a call's socket, for as long as the speaker may be analysed. */
export class Listener implements TapReceiver {
  readonly #clock: Clock;
  readonly #socket: CallSocket;
  readonly #ssrc: number;
  readonly #stream: OpusStream;

  /** `onFrame` is called when a frame is ready in `ring`. `decoder` is freed with this. */
  constructor(
    tools: ListenerTools,
    decoder: SpeechDecoder,
    socket: CallSocket,
    ssrc: number,
    format: RtpFormat,
    ring: FrameRing,
    onFrame: () => void,
  ) {
    const { clock, counters, playoutDelayMs, maxPlayoutDelayMs } = tools;
    this.#clock = clock;
    this.#socket = socket;
    this.#ssrc = ssrc;
    const track = new SpeechTrack(ring, clock(), onFrame);
    this.#stream = new OpusStream({ format, playoutDelayMs, maxPlayoutDelayMs, decoder, counters, track });
    socket.add(ssrc, this);
  }

  packet(bytes: Uint8Array): void {
    this.#stream.receive(bytes, this.#clock());
  }

  report(ntpMs: number, rtpTimestamp: number): void {
    this.#stream.report(ntpMs, rtpTimestamp, this.#clock());
  }

  tick(nowMs: number): void {
    this.#stream.tick(nowMs);
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#socket.remove(this.#ssrc);
    this.#stream.close();
  }
}
