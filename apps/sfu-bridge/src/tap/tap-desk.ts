import type { Speaker } from '@undertone/wire';
import type { AnalyzerLinks } from '../link/analyzer-links.ts';
import type { SpeakerStream } from '../link/speaker-stream.ts';
import { CallSocket } from './call-socket.ts';
import type { Desk } from './desk.ts';
import { FrameRing } from './frame-ring.ts';
import { Listener, type ListenerTools } from './listener.ts';
import type { RtpFormat } from './opus-stream.ts';
import { TapPulse } from './tap-pulse.ts';

export interface TapDeskOptions extends ListenerTools {
  link: AnalyzerLinks;
  /** Frames that are kept for the analyzer, per speaker, at most. */
  ringFrames: number;
  /** Called after every tick with how long it took. */
  onTick: (ms: number) => void;
}

interface Heard {
  stream: SpeakerStream;
  listener: Listener | null;
  /** Counts what is asked, so that a decoder which comes too late is let go of. */
  asked: number;
}

/** The desk of one thread: owns sockets, decoders and rings of its calls, and the pulse that lets time pass for them. */
export class TapDesk implements Desk {
  readonly #options: TapDeskOptions;
  readonly #heard = new Map<number, Heard>();
  readonly #sockets = new Map<number, CallSocket>();
  readonly #pulse: TapPulse;

  constructor(options: TapDeskOptions) {
    this.#options = options;
    this.#pulse = new TapPulse(options.clock, (nowMs) => this.#tick(nowMs));
  }

  /** How far time, as it passes here, is behind the clock. */
  get behindMs(): number {
    return this.#pulse.behindMs;
  }

  join(stream: number, speaker: Speaker): void {
    this.#heard.set(stream, { stream: this.#options.link.join(speaker), listener: null, asked: 0 });
  }

  async update(stream: number, speaker: Speaker): Promise<void> {
    const heard = this.#heard.get(stream);
    if (!heard) return;
    if (!speaker.decision.analysed) {
      this.#stop(heard);
      heard.stream.ring?.clear();
    }
    this.#options.link.update(heard.stream, speaker);
  }

  lose(stream: number): void {
    const heard = this.#take(stream);
    if (heard) this.#options.link.lose(heard.stream);
  }

  leave(stream: number): void {
    const heard = this.#take(stream);
    if (heard) this.#options.link.leave(heard.stream);
  }

  async listen(stream: number, socket: number, ssrc: number, format: RtpFormat): Promise<void> {
    const { link, ringFrames, counters, decoders } = this.#options;
    const heard = this.#heard.get(stream);
    if (!heard) return;
    const asked = ++heard.asked;
    const decoder = await decoders.create();
    const callSocket = this.#sockets.get(socket);
    // They may have left, or withdrawn their consent, meanwhile.
    if (heard.asked !== asked || !callSocket) {
      decoder.close();
      return;
    }
    heard.stream.ring ??= new FrameRing(ringFrames, counters);
    const { ring } = heard.stream;
    const onFrame = () => link.frameReady(heard.stream);
    heard.listener = new Listener(this.#options, decoder, callSocket, ssrc, format, ring, onFrame);
  }

  resume(stream: number): void {
    this.#heard.get(stream)?.listener?.resume();
  }

  stop(stream: number): void {
    const heard = this.#heard.get(stream);
    if (heard) this.#stop(heard);
  }

  async openSocket(socket: number): Promise<number> {
    const opened = await CallSocket.open();
    this.#sockets.set(socket, opened);
    return opened.port;
  }

  async connectSocket(socket: number, port: number): Promise<void> {
    await this.#sockets.get(socket)?.connect(port);
  }

  closeSocket(socket: number): void {
    this.#sockets.get(socket)?.close();
    this.#sockets.delete(socket);
  }

  async close(): Promise<void> {
    this.#pulse.close();
    for (const stream of this.#heard.keys()) this.leave(stream);
    for (const socket of this.#sockets.keys()) this.closeSocket(socket);
    await this.#options.link.close();
  }

  #take(stream: number): Heard | undefined {
    const heard = this.#heard.get(stream);
    if (heard) this.#stop(heard);
    this.#heard.delete(stream);
    return heard;
  }

  #stop(heard: Heard): void {
    heard.asked++;
    heard.listener?.close();
    heard.listener = null;
  }

  #tick(nowMs: number): void {
    const startMs = performance.now();
    for (const { listener } of this.#heard.values()) listener?.tick(nowMs);
    this.#options.link.sendFrames();
    this.#options.onTick(performance.now() - startMs);
  }
}
