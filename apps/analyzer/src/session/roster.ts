import type { Speaker } from '@undertone/wire';
import type { Clock } from '../clock.ts';
import type { DashboardLink } from '../downlink/dashboard-link.ts';
import type { ModelDesk } from '../model/model-desk.ts';
import type { SessionCounts } from './session-counts.ts';
import { SpeakerSession } from './speaker-session.ts';

/** How long a speaker whose bridge was lost is kept: longer than a bridge that died takes to be back with its callers. */
const orphanMs = 30_000;

/** The limit of `analysisMessageSchema`. */
const maxPointsPerMessage = 256;

/** A speaker as the bridge announced them; the session exists while the policy lets them be analysed. */
export interface PresentSpeaker {
  speaker: Speaker;
  session: SpeakerSession | null;
  /** Which stream of which bridge process carries the speaker. */
  source: string;
  /** Connection of the bridge that carries the speaker; null once it is lost. */
  connectionId: number | null;
  orphanedAtMs: number;
  leaving: boolean;
}

const keyOf = ({ callId, id }: Speaker): string => `${callId}/${id}`;

/** Everyone present, by call and speaker: opens and closes their sessions and tells the dashboard of both. */
export class Roster {
  readonly #models: ModelDesk;
  readonly #link: DashboardLink;
  readonly #counts: SessionCounts;
  readonly #clock: Clock;
  readonly #present = new Map<string, PresentSpeaker>();

  /** Called with the age of every message's newest point when it is sent. */
  onPoints: (lagMs: number) => void = () => {};

  constructor(models: ModelDesk, link: DashboardLink, counts: SessionCounts, clock: Clock) {
    this.#models = models;
    this.#link = link;
    this.#counts = counts;
    this.#clock = clock;
  }

  get size(): number {
    return this.#present.size;
  }

  /** Everyone that the dashboard should know of. */
  speakers(): Speaker[] {
    return Array.from(this.#present.values(), ({ speaker }) => speaker);
  }

  /**
   * A bridge announced `speaker`. Who is present already, through a lost bridge or another one, is carried on from
   * there with everything heard so far. A stream that goes on, after its connection was lost, may repeat frames.
   * @param source names the stream: another one counts its frames afresh
   */
  join(speaker: Speaker, connectionId: number, source: string): PresentSpeaker {
    const known = this.#present.get(keyOf(speaker));
    if (known?.leaving) this.#finish(known);
    else if (known) {
      known.connectionId = connectionId;
      if (known.source !== source) known.session?.restream();
      known.source = source;
      this.update(known, speaker);
      return known;
    }
    const present: PresentSpeaker = {
      speaker,
      session: null,
      source,
      connectionId,
      orphanedAtMs: 0,
      leaving: false,
    };
    this.#present.set(keyOf(speaker), present);
    this.#followPolicy(present);
    this.#link.send({ type: 'speaker-joined', speaker });
    return present;
  }

  /** Name, role, consent or decision changed. A speaker who may no longer be analysed is forgotten at once. */
  update(present: PresentSpeaker, speaker: Speaker): void {
    present.speaker = speaker;
    this.#followPolicy(present);
    this.#link.send({ type: 'speaker-updated', speaker });
  }

  /** No more audio comes; the speaker leaves when what was heard has become points. */
  leave(present: PresentSpeaker): void {
    present.leaving = true;
  }

  /** The connection is lost; its speakers stay for a while. */
  orphan(connectionId: number): void {
    for (const present of this.#present.values()) {
      if (present.connectionId !== connectionId) continue;
      present.connectionId = null;
      present.orphanedAtMs = this.#clock();
    }
  }

  /** Sends the points that are ready, and lets go of those who have left. Called after every tick. */
  publish(): void {
    for (const present of this.#present.values()) {
      this.#sendPoints(present);
      const orphaned = present.connectionId === null && this.#clock() - present.orphanedAtMs >= orphanMs;
      if (orphaned || (present.leaving && (present.session === null || present.session.settled)))
        this.#finish(present);
    }
  }

  #sendPoints({ speaker, session }: PresentSpeaker): void {
    const points = session?.takePoints();
    if (!points || points.length === 0) return;
    this.onPoints(this.#clock() - points[points.length - 1].atMs);
    for (let from = 0; from < points.length; from += maxPointsPerMessage) {
      this.#link.send({
        type: 'points',
        callId: speaker.callId,
        speakerId: speaker.id,
        points: points.slice(from, from + maxPointsPerMessage),
      });
    }
  }

  #followPolicy(present: PresentSpeaker): void {
    const { speaker, session } = present;
    if (speaker.decision.analysed && session === null) {
      present.session = new SpeakerSession(this.#models.relay.model, this.#counts, this.#models.drift);
      this.#models.add(present.session);
    } else if (!speaker.decision.analysed && session !== null) {
      this.#models.remove(session);
      present.session = null;
    }
  }

  #finish(present: PresentSpeaker): void {
    const { speaker, session } = present;
    if (session) this.#models.remove(session);
    this.#present.delete(keyOf(speaker));
    this.#link.send({ type: 'speaker-left', callId: speaker.callId, speakerId: speaker.id });
  }
}
