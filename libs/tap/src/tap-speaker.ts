import type { AnalysisDecision } from '@undertone/wire';
import type { types } from 'mediasoup';
import { BackOff } from './back-off.ts';
import type { BridgeSession } from './bridge-session.ts';
import type { CallPipe } from './call-pipe.ts';
import { checkDetails, checkProducer, type SpeakerDetails, sameDetails } from './speaker-details.ts';
import { SpeakerFeed } from './speaker-feed.ts';
import { TapError } from './tap-error.ts';

export interface NewTapSpeaker extends Omit<SpeakerDetails, 'muted'> {
  /** Unique within the call: 1–64 characters of `[A-Za-z0-9_.-]`. It may be given again after `remove`. */
  id: string;
  muted?: boolean | undefined;
  /** The speaker's voice; null or absent where it is not there yet. */
  producer?: types.Producer | null | undefined;
}
export type SpeakerChanges = Partial<SpeakerDetails>;

/** What a speaker needs of its call and tap. */
export interface SpeakerSurroundings {
  readonly session: BridgeSession | null;
  pipe(session: BridgeSession): Promise<CallPipe>;
  /** The bridge does not know the pipe any more. */
  dropPipe(): void;
  decided(speaker: TapSpeaker): void;
  failed(error: TapError, speaker: TapSpeaker): void;
  /** Removed by the host; the bridge is still to be told. */
  leaving(speaker: TapSpeaker): void;
  /** Removed, and the bridge knows. */
  gone(speaker: TapSpeaker): void;
}

const retryMs = 500;
const maxRetryMs = 30_000;

/**
 * A speaker as the host wants it, and what of that the bridge knows. Whatever changes, one loop brings the bridge and the RTP
 * in line, one request at a time. Only what must not wait does not: without consent no RTP leaves, from that moment on.
 */
export class TapSpeaker {
  readonly id: string;
  readonly callId: string;

  readonly #surroundings: SpeakerSurroundings;
  readonly #backOff = new BackOff(retryMs, maxRetryMs);
  #details: SpeakerDetails;
  #producer: types.Producer | null = null;
  #removed = false;
  #decision: AnalysisDecision | null = null;

  /** As the bridge of this session has acknowledged; null before it has. */
  #told: SpeakerDetails | null = null;
  /** Consent was granted to a bridge that has not acknowledged its withdrawal: that is owed, even after `remove`. */
  #withdrawable = false;
  /** How often the bridge has forgotten: an answer from before says nothing any more. */
  #epoch = 0;
  #feed: SpeakerFeed | null = null;
  /** Whether the bridge has a producer for the feed. */
  #producing = false;
  #unsettled = false;
  #running = false;
  #retry: NodeJS.Timeout | null = null;
  /** Told once, until something works again. */
  #failure: string | null = null;
  readonly #after: Promise<void> | null;
  /** Resolves when a removed speaker is done with. */
  readonly finished: Promise<void>;
  #finish: () => void = () => {};

  /**
   * @param after the speaker who had this id before is done with by then
   * @throws TapError `speaker-malformed`, `producer-unsupported`
   */
  constructor(
    callId: string,
    { id, producer = null, muted = false, ...details }: NewTapSpeaker,
    surroundings: SpeakerSurroundings,
    after: Promise<void> | null,
  ) {
    this.callId = callId;
    this.id = id;
    this.#surroundings = surroundings;
    this.#after = after;
    this.#details = checkDetails({ ...details, muted });
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.setProducer(producer);
  }

  /** Whether the bridge's policy lets the speaker be analysed, and why; null before the bridge has said so. */
  get decision(): AnalysisDecision | null {
    return this.#decision;
  }

  get details(): Readonly<SpeakerDetails> {
    return this.#details;
  }

  /** Whether the speaker's RTP is sent to the bridge, mute aside. */
  get feeding(): boolean {
    return this.#producing && this.#feed !== null && !this.#feed.closed;
  }

  /** Whether consent was withdrawn and the bridge has not acknowledged it yet. */
  get owesWithdrawal(): boolean {
    return this.#withdrawable && this.#details.consent === 'withdrawn';
  }

  /**
   * Changes what is said of the speaker. Unless consent is `granted` afterwards, no RTP leaves when this returns; muted, the
   * same. (Just while the voice is being connected, for one round trip to the worker, packets may still leave; the bridge,
   * which has not been told of them yet, drops them.)
   * @throws TapError `speaker-malformed`
   */
  set(changes: SpeakerChanges): void {
    if (this.#removed) return;
    this.#details = checkDetails({ ...this.#details, ...changes });
    if (this.#details.consent !== 'granted') this.#feed?.close();
    else if (this.#details.muted) this.#feed?.setPaused(true).catch(this.reconcile);
    this.reconcile();
  }

  /**
   * Gives the speaker's voice, in place of an earlier one; null takes it away. A producer that closes needs no call.
   * @throws TapError `producer-unsupported`
   */
  setProducer(producer: types.Producer | null): void {
    if (this.#removed || producer === this.#producer) return;
    if (producer) checkProducer(producer);
    this.#watch(this.#producer, 'off');
    this.#producer = producer;
    this.#watch(producer, 'on');
    this.reconcile();
  }

  /** The speaker has left. No RTP leaves when this returns. Idempotent. */
  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    this.#watch(this.#producer, 'off');
    this.#producer = null;
    this.#feed?.close();
    this.#surroundings.leaving(this);
    this.reconcile();
  }

  /** The connection to the bridge is lost, or the bridge has lost the call: it knows nothing of this speaker. */
  forgotten(): void {
    this.#epoch++;
    this.#told = null;
    this.#closeFeed();
    this.#producing = false;
    this.reconcile();
  }

  /** Gives up telling the bridge that this speaker has left. */
  forget(): void {
    this.#withdrawable = false;
    this.reconcile();
  }

  /** The bridge has decided anew. */
  decide(decision: AnalysisDecision): void {
    const { analysed, reason } = this.#decision ?? {};
    this.#decision = decision;
    if (decision.analysed === analysed && decision.reason === reason) return;
    if (!decision.analysed) this.#feed?.close();
    this.reconcile();
    this.#surroundings.decided(this);
  }

  /** Brings the bridge in line with what is wanted; to be called after anything has changed. */
  readonly reconcile = (): void => {
    this.#unsettled = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    if (!this.#running) void this.#settle();
  };

  async #settle(): Promise<void> {
    this.#running = true;
    // The constructor's caller comes first.
    await this.#after;
    while (this.#unsettled) {
      this.#unsettled = false;
      const { session } = this.#surroundings;
      if (!session) {
        if (this.#removed && !this.owesWithdrawal) this.#depart();
        break;
      }
      try {
        if (this.#removed) await this.#leave(session);
        else await this.#arrange(session);
        this.#backOff.reset();
        this.#failure = null;
      } catch (error) {
        // What failed may not be wanted any more.
        if (!session.ended && !this.#unsettled) this.#fail(error);
      }
    }
    this.#running = false;
  }

  async #arrange(session: BridgeSession): Promise<void> {
    await this.#tell(session);
    await this.#stopFeed(session);
    await this.#startFeed(session);
    await this.#feed?.setPaused(this.#details.muted);
  }

  async #leave(session: BridgeSession): Promise<void> {
    this.#closeFeed();
    if (this.owesWithdrawal) await this.#tell(session);
    await session.request('remove-speaker', { callId: this.callId, speakerId: this.id });
    this.#depart();
  }

  async #tell(session: BridgeSession): Promise<void> {
    const details = { ...this.#details, muted: this.#details.muted || (this.#producer?.paused ?? false) };
    if (sameDetails(details, this.#told)) return;
    if (details.consent === 'granted') this.#withdrawable = true;
    const { callId, id: speakerId } = this;
    const epoch = this.#epoch;
    const { decision } = await session.request('set-speaker', { callId, speakerId, ...details });
    if (epoch !== this.#epoch) return;
    this.#told = details;
    if (details.consent === 'withdrawn') this.#withdrawable = false;
    if (this.#details.consent === details.consent) this.decide(decision);
  }

  /** Whose RTP may be sent: policy comes before transport. */
  #allowed(): types.Producer | null {
    const allowed = this.#details.consent === 'granted' && this.#decision?.analysed && this.#told !== null;
    return allowed && this.#producer && !this.#producer.closed ? this.#producer : null;
  }

  async #stopFeed(session: BridgeSession): Promise<void> {
    const feed = this.#feed;
    if (feed && !feed.closed && feed.producer === this.#allowed()) return;
    this.#closeFeed();
    if (!this.#producing) return;
    this.#producing = false;
    await session.request('stop-producing', { callId: this.callId, speakerId: this.id });
  }

  async #startFeed(session: BridgeSession): Promise<void> {
    const producer = this.#allowed();
    if (this.#feed || !producer) return;
    const pipe = await this.#surroundings.pipe(session);
    if (producer !== this.#allowed()) return;
    const feed = await SpeakerFeed.open(pipe, producer, this.reconcile);
    if (producer !== this.#allowed() || session.ended) {
      feed.close();
      return;
    }
    this.#feed = feed;
    const epoch = this.#epoch;
    try {
      await feed.setPaused(this.#details.muted);
      await session.request('produce', { callId: this.callId, speakerId: this.id, rtp: feed.rtp });
      this.#producing = epoch === this.#epoch;
    } catch (error) {
      this.#closeFeed();
      if (error instanceof TapError && error.code === 'pipe-not-open') this.#surroundings.dropPipe();
      throw error;
    }
  }

  #closeFeed(): void {
    this.#feed?.close();
    this.#feed = null;
  }

  #depart(): void {
    this.#finish();
    this.#surroundings.gone(this);
  }

  #watch(producer: types.Producer | null, onOrOff: 'on' | 'off'): void {
    for (const event of ['close', 'pause', 'resume'] as const)
      producer?.observer[onOrOff](event, this.reconcile);
  }

  /** Tries again later, with what is wanted then. */
  #fail(cause: unknown): void {
    const error =
      cause instanceof TapError
        ? cause
        : new TapError('media-failed', `the speaker's audio can't be sent: ${messageOf(cause)}`, { cause });
    if (error.code === 'speaker-not-found') this.#told = null;
    this.#retry = setTimeout(this.reconcile, this.#backOff.next());
    if (this.#failure === error.code) return;
    this.#failure = error.code;
    this.#surroundings.failed(error, this);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
