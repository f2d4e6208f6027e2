import type { PlainSpeakerRequest } from '@undertone/wire';
import { type BridgeClient, BridgeError } from './bridge-client.ts';
import type { OpusTrack } from './opus-track.ts';
import { RtpSender } from './rtp-sender.ts';

/** A speaker of the demo call: present at the bridge as long as the bridge lives, and again when it comes back. */
export class DemoSpeaker {
  readonly #bridge: BridgeClient;
  readonly #callId: string;
  readonly #request: PlainSpeakerRequest & { id: string };
  readonly #track: OpusTrack;
  #sender: RtpSender | null = null;
  #unreachable = false;

  constructor(
    bridge: BridgeClient,
    callId: string,
    request: PlainSpeakerRequest & { id: string },
    track: OpusTrack,
  ) {
    this.#bridge = bridge;
    this.#callId = callId;
    this.#request = request;
    this.#track = track;
  }

  /** Sends what the track has for a slot; the track starts again after its end. */
  send(slot: number, wallMs: number): void {
    const frame = this.#track.frame(slot % this.#track.length);
    if (frame !== null) this.#sender?.send(frame, slot, wallMs);
  }

  /**
   * Joins if absent; rejoins if the bridge has lost this speaker.
   * @returns whether the speaker (re)joined
   * @throws BridgeError if the bridge can't be reached or refuses; the speaker is absent then
   */
  async ensurePresent(): Promise<boolean> {
    if (this.#sender !== null && !this.#unreachable) {
      try {
        if (await this.#bridge.hasSpeaker(this.#callId, this.#request.id)) return false;
      } catch (error) {
        this.#drop();
        throw error;
      }
    }
    this.#drop();
    const plainSpeaker = await this.#join();
    this.#sender = await RtpSender.open(plainSpeaker, () => {
      this.#unreachable = true;
    });
    return true;
  }

  async leave(): Promise<void> {
    this.#track.close();
    if (this.#sender === null) return;
    this.#drop();
    await this.#bridge.removeSpeaker(this.#callId, this.#request.id);
  }

  async #join() {
    try {
      return await this.#bridge.addSpeaker(this.#callId, this.#request);
    } catch (error) {
      if (!(error instanceof BridgeError) || error.status !== 409) throw error;
      // Left behind by a player that was killed.
      await this.#bridge.removeSpeaker(this.#callId, this.#request.id);
      return this.#bridge.addSpeaker(this.#callId, this.#request);
    }
  }

  #drop(): void {
    this.#sender?.close();
    this.#sender = null;
    this.#unreachable = false;
  }
}
