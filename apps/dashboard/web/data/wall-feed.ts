import type { LiveClock, TimelineSocket } from '@undertone/overlay';
import type { CallSummary, EmotionPoint, Speaker, SpeakerRole } from '@undertone/wire';
import { RibbonTrack } from './ribbon-track.ts';

export interface WallSpeaker {
  speaker: Speaker;
  latest: EmotionPoint | null;
  ribbon: RibbonTrack;
}

export interface WallCall {
  id: string;
  /** Names this one call in the history and in alerts. */
  recordId: string;
  startedAtMs: number;
  speakers: WallSpeaker[];
  /** Grows with every change. */
  revision: number;
}

/** `reconnecting`: the connection is lost, what is shown is old. */
export type WallFeedState = 'loading' | 'live' | 'reconnecting';

/** Whom a supervisor looks for first. */
const roleRank: Record<SpeakerRole, number> = { customer: 0, participant: 1, unknown: 2, agent: 3 };

const answerTimeoutMs = 8_000;
const retryMs = 2_000;

/** The data of the wall: every live call, brought up to date a few times a second. Knows nothing of the page. */
export class WallFeed {
  state: WallFeedState = 'loading';
  /** Whether the dashboard hears from an analyzer; null until it has said so. */
  analyzerConnected: boolean | null = null;
  readonly #calls = new Map<string, WallCall>();
  readonly #socket: TimelineSocket;
  readonly #clock: LiveClock;
  readonly #onChange: () => void;
  #awaiting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: { socket: TimelineSocket; clock: LiveClock; onChange: () => void }) {
    this.#socket = options.socket;
    this.#clock = options.clock;
    this.#onChange = options.onChange;
  }

  /** Live calls in an order that stays: the most recently started first. */
  get calls(): WallCall[] {
    return [...this.#calls.values()].sort((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? -1 : 1));
  }

  open(): void {
    this.#socket.on('connect', this.#connected);
    this.#socket.on('disconnect', this.#disconnected);
    this.#socket.on('analysis-link', this.#linkChanged);
    this.#socket.on('calls-changed', this.#changed);
    this.#socket.on('calls-ended', this.#ended);
    if (this.#socket.connected) this.#ask();
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#socket.off('connect', this.#connected);
    this.#socket.off('disconnect', this.#disconnected);
    this.#socket.off('analysis-link', this.#linkChanged);
    this.#socket.off('calls-changed', this.#changed);
    this.#socket.off('calls-ended', this.#ended);
  }

  #connected = (): void => this.#ask();

  #disconnected = (): void => {
    clearTimeout(this.#timer);
    if (this.state === 'live') this.state = 'reconnecting';
    this.#onChange();
  };

  #linkChanged = ({ connected }: { connected: boolean }): void => {
    this.analyzerConnected = connected;
    this.#onChange();
  };

  #ask = (): void => {
    this.#awaiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#ask, answerTimeoutMs);
    this.#socket.emit('watch-calls', (reply) => {
      this.#awaiting = false;
      clearTimeout(this.#timer);
      if (reply.ok) {
        const live = new Set(reply.value.map((call) => call.id));
        for (const id of this.#calls.keys()) if (!live.has(id)) this.#calls.delete(id);
        for (const call of reply.value) this.#put(call);
        this.state = 'live';
      } else {
        this.#timer = setTimeout(this.#ask, retryMs);
      }
      this.#onChange();
    });
  };

  #changed = (calls: CallSummary[]): void => {
    // What comes before the awaited answer is part of it.
    if (this.#awaiting) return;
    for (const call of calls) this.#put(call);
    this.#onChange();
  };

  #ended = (callIds: string[]): void => {
    for (const id of callIds) this.#calls.delete(id);
    this.#onChange();
  };

  #put(summary: CallSummary): void {
    const known = this.#calls.get(summary.id);
    const before = new Map(known?.speakers.map((each) => [each.speaker.id, each.ribbon]));
    const speakers = summary.speakers.map(({ speaker, latest, ribbon }) => {
      const track = before.get(speaker.id) ?? new RibbonTrack();
      if (speaker.consent !== 'granted') track.clear();
      track.merge(ribbon);
      if (latest) this.#clock.observe(latest.atMs);
      return { speaker, latest, ribbon: track };
    });
    speakers.sort(
      ({ speaker: a }, { speaker: b }) => roleRank[a.role] - roleRank[b.role] || a.joinedAtMs - b.joinedAtMs,
    );
    this.#calls.set(summary.id, {
      id: summary.id,
      recordId: summary.recordId,
      startedAtMs: summary.startedAtMs,
      speakers,
      revision: (known?.revision ?? 0) + 1,
    });
  }
}
