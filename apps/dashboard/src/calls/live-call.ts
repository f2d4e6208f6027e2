import type { CallDelta, CallSnapshot, CallSummary } from '@undertone/wire';
import type { LiveSpeaker } from './live-speaker.ts';

/** One call, live or ended a short while ago, with the deltas that its viewers have not been told yet. */
export class LiveCall {
  readonly id: string;
  /** Names this one call in the history: `id` may come back another day. */
  readonly recordId: string;
  startedAtMs: number;
  /** null while somebody is in the call. */
  endedAtMs: number | null = null;
  /** The store's version when anything here last changed. */
  version = 0;
  readonly speakers = new Map<string, LiveSpeaker>();
  /** Number of the newest delta. */
  #seq: number;
  #endTold = false;

  constructor(id: string, recordId: string, startedAtMs: number, firstSeq: number) {
    this.id = id;
    this.recordId = recordId;
    this.startedAtMs = startedAtMs;
    this.#seq = firstSeq;
  }

  get seq(): number {
    return this.#seq;
  }

  get present(): LiveSpeaker[] {
    return [...this.speakers.values()].filter((each) => each.leftAtMs === null);
  }

  end(atMs: number): void {
    this.endedAtMs = atMs;
    this.#endTold = false;
  }

  revive(): void {
    this.endedAtMs = null;
  }

  /** The call as the wall shows it, with the ribbon cells that are newer than `sinceVersion`. */
  summary(sinceVersion: number): CallSummary {
    return {
      id: this.id,
      recordId: this.recordId,
      startedAtMs: this.startedAtMs,
      speakers: this.present.map((each) => each.summary(sinceVersion)),
    };
  }

  /** Everything so far. Take the deltas first, so that none of them repeats what the snapshot holds. */
  snapshot(): CallSnapshot {
    return {
      id: this.id,
      recordId: this.recordId,
      startedAtMs: this.startedAtMs,
      endedAtMs: this.endedAtMs,
      seq: this.#seq,
      speakers: [...this.speakers.values()].map(({ speaker, leftAtMs, history }) => ({
        speaker,
        leftAtMs,
        points: history.pointsAfter(Number.NEGATIVE_INFINITY),
      })),
    };
  }

  /** What changed since the last time, merged: at most one delta of each kind a speaker. */
  takeDeltas(): CallDelta[] {
    const deltas: CallDelta[] = [];
    const callId = this.id;
    for (const [speakerId, each] of this.speakers) {
      if (!each.told.speaker) {
        deltas.push({ callId, seq: ++this.#seq, change: 'speaker', speaker: each.speaker });
        each.told.speaker = true;
      }
      if (each.history.lastAtMs > each.told.untilMs) {
        const points = each.history.pointsAfter(each.told.untilMs);
        deltas.push({ callId, seq: ++this.#seq, change: 'points', speakerId, points });
        each.told.untilMs = each.history.lastAtMs;
      }
      if (each.leftAtMs !== null && !each.told.left) {
        deltas.push({ callId, seq: ++this.#seq, change: 'speaker-left', speakerId, leftAtMs: each.leftAtMs });
        each.told.left = true;
      }
    }
    if (this.endedAtMs !== null && !this.#endTold) {
      deltas.push({ callId, seq: ++this.#seq, change: 'ended', endedAtMs: this.endedAtMs });
      this.#endTold = true;
    }
    return deltas;
  }

  /** Nobody watches: what changed will be in the next snapshot. */
  skipDeltas(): void {
    for (const each of this.speakers.values()) {
      each.told.speaker = true;
      each.told.untilMs = each.history.lastAtMs;
      each.told.left = each.leftAtMs !== null;
    }
    this.#endTold = this.endedAtMs !== null;
  }
}
