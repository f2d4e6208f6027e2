import type { RemoteSpeaker, Speaker } from '@undertone/wire';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { AnalysisPolicy } from '../policy/analysis-policy.ts';
import type { CallTap } from '../tap/call-tap.ts';
import type { Desk } from '../tap/desk.ts';
import { SpeakerTap } from '../tap/speaker-tap.ts';
import type { TapDesks } from '../tap/tap-desks.ts';

/** What every speaker of every call needs. */
export interface SpeakerTools {
  policy: AnalysisPolicy;
  desks: TapDesks;
  /** Times calls and idleness. */
  clock: Clock;
  log: Logger;
}

export type SpeakerDetails = Omit<Speaker, 'muted' | 'decision'>;

/** One voice in a call: who it is, what it sends, and, only while the policy allows it, the tap that listens. */
export class CallSpeaker {
  readonly #tools: SpeakerTools;
  readonly #desk: Desk;
  readonly #callTap: () => Promise<CallTap>;
  readonly #onChange: (speaker: CallSpeaker) => void;
  /** Names the speaker's stream at the desk. */
  readonly #stream: number;
  #speaker: Speaker;
  #producer: types.Producer | null = null;
  #tap: SpeakerTap | null = null;
  #closed = false;

  constructor(
    details: SpeakerDetails,
    tools: SpeakerTools,
    desk: Desk,
    callTap: () => Promise<CallTap>,
    onChange: (speaker: CallSpeaker) => void,
  ) {
    this.#tools = tools;
    this.#callTap = callTap;
    this.#onChange = onChange;
    this.#speaker = { ...details, muted: false, decision: tools.policy.decide(details) };
    this.#desk = desk;
    this.#stream = tools.desks.nextNumber();
    desk.join(this.#stream, this.#speaker);
  }

  get id(): string {
    return this.#speaker.id;
  }

  get speaker(): Speaker {
    return this.#speaker;
  }

  /** As the others in the call see this speaker. */
  get remote(): RemoteSpeaker {
    return { speaker: this.#speaker, producerId: this.#producer?.id ?? null };
  }

  get publishing(): boolean {
    return this.#producer !== null;
  }

  get tapped(): boolean {
    return this.#tap?.listening ?? false;
  }

  /** The speaker's voice begins to arrive. Ends by itself when the producer closes. */
  publish(producer: types.Producer): void {
    if (this.#closed) {
      producer.close();
      return;
    }
    this.#producer = producer;
    producer.observer.once('close', () => this.#unpublish(producer));
    this.#listen();
    this.#onChange(this);
  }

  /** Muted, the speaker's audio goes nowhere: not to the others, not to the tap. */
  async setMuted(muted: boolean): Promise<void> {
    if (muted === this.#speaker.muted) return;
    void this.#change({ ...this.#speaker, muted });
    if (!muted) this.#tap?.resume();
    if (muted) await this.#producer?.pause();
    else await this.#producer?.resume();
  }

  /**
   * Decides anew whether the speaker may be analysed, if that is in question. After a withdrawal nothing is taken any more when
   * this returns, and nothing waits any more when it resolves.
   */
  revise(changes: Partial<Pick<Speaker, 'name' | 'role' | 'consent'>>): Promise<void> {
    const { name, role, consent } = this.#speaker;
    const revised = { name, role, consent, ...changes };
    if (revised.role !== role || revised.consent !== consent)
      return this.#change({ ...this.#speaker, ...revised, decision: this.#tools.policy.decide(revised) });
    return revised.name === name ? Promise.resolve() : this.#change({ ...this.#speaker, ...revised });
  }

  /** @param lost the media server died: the speaker may come back, and goes on with the same stream then */
  close(lost: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#producer?.close();
    this.#producer = null;
    if (lost) this.#desk.lose(this.#stream);
    else this.#desk.leave(this.#stream);
  }

  #change(speaker: Speaker): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#speaker = speaker;
    if (!speaker.decision.analysed) this.#stopListening();
    // A desk that was lost forgets the speaker, and the call with it.
    const done = this.#desk.update(this.#stream, speaker).catch(() => {});
    this.#listen();
    this.#onChange(this);
    return done;
  }

  /** Opens the tap if there is something to listen to and the policy allows it. */
  #listen(): void {
    if (this.#closed || this.#tap || !this.#producer || !this.#speaker.decision.analysed) return;
    const tap = new SpeakerTap(this.#desk, this.#stream);
    this.#tap = tap;
    tap.open(this.#callTap(), this.#producer.id).catch((error: unknown) => {
      tap.close();
      if (this.#tap !== tap) return;
      this.#tap = null;
      this.#cannotListen(error);
    });
  }

  /** Allowed but impossible: said honestly, so that nobody waits for a timeline. */
  #cannotListen(error: unknown): void {
    this.#tools.log.error({ err: error, stream: this.#stream }, 'a speaker cannot be tapped');
    const reason =
      error instanceof Error && 'code' in error && error.code === 'decoder-limit'
        ? 'Allowed, but the bridge can decode no further speaker'
        : 'Allowed, but the media server could not tap this speaker';
    void this.#change({ ...this.#speaker, decision: { analysed: false, reason } });
  }

  #stopListening(): void {
    this.#tap?.close();
    this.#tap = null;
  }

  #unpublish(producer: types.Producer): void {
    if (this.#producer !== producer || this.#closed) return;
    this.#stopListening();
    this.#producer = null;
    this.#onChange(this);
  }
}
