import type { types } from 'mediasoup';
import type { BridgeSession } from './bridge-session.ts';
import { CallPipe } from './call-pipe.ts';
import { checkId } from './speaker-details.ts';
import { TapError } from './tap-error.ts';
import type { PipeListenInfo } from './tap-options.ts';
import { type NewTapSpeaker, type SpeakerSurroundings, TapSpeaker } from './tap-speaker.ts';

export interface NewCall {
  /** 1–64 characters of `[A-Za-z0-9_.-]`. Timelines are found under it; it may be given again after `close`. */
  id: string;
  /** The router on which the speakers' producers are, or to which they are piped. */
  router: types.Router;
}

/** What a call needs of its tap. */
export interface CallSurroundings extends Pick<SpeakerSurroundings, 'session' | 'decided' | 'failed'> {
  readonly listen: PipeListenInfo;
  /** Resolves when nobody of that id is leaving any more; null if nobody is. */
  departure(callId: string, speakerId: string): Promise<void> | null;
  leaving(speaker: TapSpeaker): void;
  gone(speaker: TapSpeaker): void;
  callClosed(call: TapCall): void;
}

/** One call: its speakers, and the pipe to the bridge that all of them share. */
export class TapCall implements SpeakerSurroundings {
  readonly id: string;
  readonly #router: types.Router;
  readonly #surroundings: CallSurroundings;
  readonly #speakers = new Map<string, TapSpeaker>();
  #pipe: Promise<CallPipe> | null = null;
  #closed = false;

  constructor({ id, router }: NewCall, surroundings: CallSurroundings) {
    this.id = checkId(id);
    this.#router = router;
    this.#surroundings = surroundings;
    router.observer.once('close', this.close);
  }

  get speakers(): MapIterator<TapSpeaker> {
    return this.#speakers.values();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Announces a speaker. Whether the speaker is analysed is the bridge's decision: see `TapSpeaker.decision`.
   * @throws TapError `call-closed`, `speaker-exists`, `speaker-malformed`, `producer-unsupported`
   */
  addSpeaker(details: NewTapSpeaker): TapSpeaker {
    const id = checkId(details.id);
    if (this.#closed) throw new TapError('call-closed', `call ${this.id} is closed; add it again`);
    if (this.#speakers.has(id))
      throw new TapError('speaker-exists', `call ${this.id} has a speaker ${id}; remove that one first`);
    const after = this.#surroundings.departure(this.id, id);
    const speaker = new TapSpeaker(this.id, details, this, after);
    this.#speakers.set(id, speaker);
    speaker.reconcile();
    return speaker;
  }

  /** All have left. The call closes by itself with its router or the router's worker. Idempotent. */
  readonly close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#router.observer.off('close', this.close);
    for (const speaker of this.#speakers.values()) speaker.remove();
    this.#surroundings.callClosed(this);
  };

  /** There is a new session. */
  reconcile(): void {
    for (const speaker of this.#speakers.values()) speaker.reconcile();
  }

  /** The connection to the bridge is lost, or the bridge has lost the call. */
  forgotten(): void {
    this.dropPipe();
    for (const speaker of this.#speakers.values()) speaker.forgotten();
  }

  find(speakerId: string): TapSpeaker | undefined {
    return this.#speakers.get(speakerId);
  }

  get session(): BridgeSession | null {
    return this.#surroundings.session;
  }

  pipe(session: BridgeSession): Promise<CallPipe> {
    if (!this.#pipe) {
      const pipe = CallPipe.open(this.#router, this.id, session, this.#surroundings.listen);
      this.#pipe = pipe;
      // The next speaker may have more luck.
      pipe.catch(() => {
        if (this.#pipe === pipe) this.#pipe = null;
      });
    }
    return this.#pipe;
  }

  /** Tells of RTP that is sent and does not arrive. Never throws: a connection that breaks tells by itself. */
  async checkArrival(): Promise<void> {
    const address = await this.#pipe?.then((pipe) => pipe.unreachable()).catch(() => null);
    if (!address) return;
    const error = new TapError(
      'media-unreachable',
      `RTP of call ${this.id} does not arrive at ${address}: let UDP pass from this host to there, and check ` +
        "the bridge's ANNOUNCED_ADDRESS",
    );
    for (const speaker of this.#speakers.values()) if (speaker.feeding) this.failed(error, speaker);
  }

  dropPipe(): void {
    this.#pipe?.then(
      (pipe) => pipe.close(),
      () => {},
    );
    this.#pipe = null;
  }

  decided(speaker: TapSpeaker): void {
    this.#surroundings.decided(speaker);
  }

  failed(error: TapError, speaker: TapSpeaker): void {
    this.#surroundings.failed(error, speaker);
  }

  gone(speaker: TapSpeaker): void {
    this.#surroundings.gone(speaker);
  }

  /** The bridge closes its end of the pipe with the host's last speaker in the call, and so do we. */
  leaving(speaker: TapSpeaker): void {
    this.#speakers.delete(speaker.id);
    this.#surroundings.leaving(speaker);
    if (this.#speakers.size === 0) this.dropPipe();
  }
}
