import type { CallTap, TappedProducer } from './call-tap.ts';
import type { Desk } from './desk.ts';

/** Sends one producer's RTP to the desk, and has it listened to there, for as long as the speaker may be analysed. */
export class SpeakerTap {
  readonly #desk: Desk;
  readonly #stream: number;
  #tapped: TappedProducer | null = null;
  #listening = false;
  #closed = false;

  /** @param stream names the speaker's stream at the desk */
  constructor(desk: Desk, stream: number) {
    this.#desk = desk;
    this.#stream = stream;
  }

  /**
   * Consumes the producer and has it decoded. If `close` is called meanwhile, nothing is ever heard.
   * @throws Error with the code `decoder-limit` if no further speaker can be decoded
   */
  async open(callTap: Promise<CallTap>, producerId: string): Promise<void> {
    const tap = await callTap;
    if (this.#closed) return;
    const tapped = await tap.consume(producerId);
    if (this.#closed) {
      tapped.close();
      return;
    }
    this.#tapped = tapped;
    await this.#desk.listen(this.#stream, tap.socket, tapped.ssrc, tapped.format);
    if (this.#closed) return;
    await tapped.resume();
    this.#listening = !this.#closed;
  }

  /** Whether packets come. */
  get listening(): boolean {
    return this.#listening;
  }

  /** After a mute. */
  resume(): void {
    this.#desk.resume(this.#stream);
  }

  /** Stops listening at once. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listening = false;
    this.#tapped?.close();
    this.#tapped = null;
    this.#desk.stop(this.#stream);
  }
}
