import { randomUUID } from 'node:crypto';
import type { AnalysisMessage, CallRecord, EmotionPoint, Speaker } from '@undertone/wire';
import type { Clock } from '../clock.ts';
import type { CallObserver } from './call-observer.ts';
import { LiveCall } from './live-call.ts';
import { LiveSpeaker } from './live-speaker.ts';

export interface LiveCallLimits {
  maxCalls: number;
  /** Those who left count too: the one who left first makes room. */
  maxSpeakersPerCall: number;
  maxPointsPerSpeaker: number;
  /** How far back the points of a speaker reach. */
  historyMs: number;
  /** How long an ended call can still be opened. */
  keepEndedMs: number;
  /** How long after an analyzer's `hello` it has announced everyone present. */
  announceMs: number;
  /** How long speakers are kept while no analyzer is connected. */
  keepOrphansMs: number;
  /** A point further in the future than this is refused: it would hold back all true ones. */
  maxAheadMs: number;
}

/** Why points and speakers were not taken; names the label of the metric. */
export interface LiveCallCounts {
  points: number;
  'point-repeated': number;
  'point-from-the-future': number;
  'point-of-unknown-speaker': number;
  'point-of-speaker-not-analysed': number;
  'call-over-limit': number;
  'speaker-over-limit': number;
}

/**
 * The calls of now, in memory: written by the analyzer's messages, read by REST and by the broadcasts.
 * After a restart they are restored from the history; the analyzer announces everyone again when it reconnects.
 */
export class LiveCalls {
  readonly limits: LiveCallLimits;
  readonly counts: LiveCallCounts = {
    points: 0,
    'point-repeated': 0,
    'point-from-the-future': 0,
    'point-of-unknown-speaker': 0,
    'point-of-speaker-not-analysed': 0,
    'call-over-limit': 0,
    'speaker-over-limit': 0,
  };
  /** Grows by one with every change: what was changed when. */
  version = 0;
  readonly #clock: Clock;
  readonly #observers: readonly CallObserver[];
  readonly #calls = new Map<string, LiveCall>();

  /** @param observers are told of every change as it happens */
  constructor(clock: Clock, limits: LiveCallLimits, observers: readonly CallObserver[] = []) {
    this.#clock = clock;
    this.limits = limits;
    this.#observers = observers;
  }

  find(callId: string): LiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** Live calls, the most recently started first. */
  live(): LiveCall[] {
    return [...this.#calls.values()]
      .filter((call) => call.endedAtMs === null)
      .sort((a, b) => b.startedAtMs - a.startedAtMs || (a.id < b.id ? -1 : 1));
  }

  get pointsKept(): number {
    let sum = 0;
    for (const call of this.#calls.values())
      for (const each of call.speakers.values()) sum += each.history.length;
    return sum;
  }

  changedSince(version: number): LiveCall[] {
    return [...this.#calls.values()].filter((call) => call.version > version);
  }

  /** Takes one validated message of the analyzer connection `linkId`. */
  apply(message: AnalysisMessage, linkId: number): void {
    switch (message.type) {
      case 'hello':
        return;
      case 'speaker-joined':
      case 'speaker-updated':
        this.#put(message.speaker, linkId);
        return;
      case 'speaker-left': {
        const call = this.#calls.get(message.callId);
        const speaker = call?.speakers.get(message.speakerId);
        if (call && speaker) this.#leave(call, speaker);
        return;
      }
      case 'points':
        this.#addPoints(message.callId, message.speakerId, message.points);
    }
  }

  /**
   * Takes a call over from before a restart. Its present speakers are kept like those of a lost connection, until the
   * analyzer announces them again. Observers are not told: they know it already.
   * @param points by speaker, oldest first
   */
  restore(record: CallRecord, points: { speakerId: string; points: EmotionPoint[] }[]): void {
    if (this.#calls.has(record.callId) || this.#calls.size >= this.limits.maxCalls) return;
    const call = new LiveCall(record.callId, record.recordId, record.startedAtMs, 0);
    call.endedAtMs = record.endedAtMs;
    call.version = ++this.version;
    for (const { speaker, leftAtMs } of record.speakers) {
      const live = this.#newSpeaker(speaker, null);
      live.leftAtMs = leftAtMs;
      live.orphanedAtMs = leftAtMs === null ? this.#clock() : null;
      for (const point of points.find(({ speakerId }) => speakerId === speaker.id)?.points ?? [])
        if (live.history.append(point)) live.ribbon.add(point, call.version);
      call.speakers.set(speaker.id, live);
    }
    call.skipDeltas();
    this.#calls.set(call.id, call);
  }

  /** The connection `linkId` is gone: its speakers are kept for a while, since it may come back. */
  linkLost(linkId: number): void {
    for (const call of this.#calls.values()) {
      for (const speaker of call.speakers.values()) {
        if (speaker.linkId !== linkId) continue;
        speaker.linkId = null;
        speaker.orphanedAtMs = this.#clock();
      }
    }
  }

  /**
   * Lets go of ended calls whose time is over, and of speakers whom no analyzer announced again.
   * @param oldestHelloAtMs when the longest-standing analyzer connection said hello; null if there is none
   */
  sweep(oldestHelloAtMs: number | null): void {
    const now = this.#clock();
    const everyoneAnnounced = oldestHelloAtMs !== null && now - oldestHelloAtMs >= this.limits.announceMs;
    for (const call of this.#calls.values()) {
      if (call.endedAtMs !== null) {
        if (now - call.endedAtMs >= this.limits.keepEndedMs) this.#calls.delete(call.id);
        continue;
      }
      for (const speaker of call.present) {
        if (speaker.orphanedAtMs === null) continue;
        const orphanedForMs = now - speaker.orphanedAtMs;
        const givenUp = everyoneAnnounced && orphanedForMs >= this.limits.announceMs;
        if (givenUp || orphanedForMs >= this.limits.keepOrphansMs) this.#leave(call, speaker);
      }
    }
  }

  #put(speaker: Speaker, linkId: number): void {
    const call = this.#callFor(speaker);
    if (!call) return;
    let live = call.speakers.get(speaker.id);
    if (!live) {
      if (!this.#roomForSpeaker(call)) {
        this.counts['speaker-over-limit']++;
        return;
      }
      live = this.#newSpeaker(speaker, linkId);
      call.speakers.set(speaker.id, live);
    }
    live.speaker = speaker;
    live.linkId = linkId;
    live.orphanedAtMs = null;
    live.leftAtMs = null;
    live.told.speaker = false;
    live.told.left = false;
    call.startedAtMs = Math.min(call.startedAtMs, speaker.joinedAtMs);
    call.version = ++this.version;
    if (speaker.consent === 'withdrawn') {
      // Withdrawn consent reaches back: what was judged is forgotten, here and in every browser that shows it.
      live.history.clear();
      live.ribbon.clear(call.version);
    }
    for (const observer of this.#observers) {
      if (speaker.consent === 'withdrawn') observer.speakerForgotten(call, live);
      observer.callChanged(call);
      observer.speakerChanged(call, live);
    }
  }

  #newSpeaker(speaker: Speaker, linkId: number | null): LiveSpeaker {
    const { maxPointsPerSpeaker: maxPoints, historyMs } = this.limits;
    return new LiveSpeaker(speaker, linkId, { maxPoints, historyMs });
  }

  /** The call a speaker joins: the live one, the ended one if the speaker never left it, else a new one. */
  #callFor(speaker: Speaker): LiveCall | null {
    const known = this.#calls.get(speaker.callId);
    if (known) {
      if (known.endedAtMs === null) return known;
      if (speaker.joinedAtMs <= known.endedAtMs && known.speakers.has(speaker.id)) {
        known.revive();
        return known;
      }
    } else if (this.#calls.size >= this.limits.maxCalls && !this.#forgetOldestEnded()) {
      this.counts['call-over-limit']++;
      return null;
    }
    // A jump in `seq` sends those who still watch an ended call of the same name for a new snapshot.
    const call = new LiveCall(speaker.callId, randomUUID(), speaker.joinedAtMs, known ? known.seq + 2 : 0);
    this.#calls.set(call.id, call);
    return call;
  }

  #forgetOldestEnded(): boolean {
    let oldest: LiveCall | undefined;
    for (const call of this.#calls.values()) {
      if (call.endedAtMs !== null && call.endedAtMs < (oldest?.endedAtMs ?? Number.POSITIVE_INFINITY))
        oldest = call;
    }
    return oldest !== undefined && this.#calls.delete(oldest.id);
  }

  #roomForSpeaker(call: LiveCall): boolean {
    if (call.speakers.size < this.limits.maxSpeakersPerCall) return true;
    let first: LiveSpeaker | undefined;
    for (const each of call.speakers.values()) {
      if (each.leftAtMs !== null && each.leftAtMs < (first?.leftAtMs ?? Number.POSITIVE_INFINITY))
        first = each;
    }
    return first !== undefined && call.speakers.delete(first.speaker.id);
  }

  #leave(call: LiveCall, speaker: LiveSpeaker): void {
    if (speaker.leftAtMs !== null) return;
    const now = this.#clock();
    speaker.leftAtMs = now;
    speaker.linkId = null;
    speaker.orphanedAtMs = null;
    if (call.present.length === 0) call.end(now);
    call.version = ++this.version;
    for (const observer of this.#observers) {
      observer.speakerChanged(call, speaker);
      if (call.endedAtMs !== null) observer.callChanged(call);
    }
  }

  #addPoints(callId: string, speakerId: string, points: EmotionPoint[]): void {
    const call = this.#calls.get(callId);
    const live = call?.speakers.get(speakerId);
    if (!call || !live || live.leftAtMs !== null) {
      this.counts['point-of-unknown-speaker'] += points.length;
      return;
    }
    if (!live.speaker.decision.analysed) {
      this.counts['point-of-speaker-not-analysed'] += points.length;
      return;
    }
    const latestAllowedMs = this.#clock() + this.limits.maxAheadMs;
    const version = ++this.version;
    for (const point of points) {
      if (point.atMs > latestAllowedMs) {
        this.counts['point-from-the-future']++;
      } else if (live.history.append(point)) {
        live.ribbon.add(point, version);
        this.counts.points++;
        for (const observer of this.#observers) observer.pointAdded(call, live, point);
      } else {
        this.counts['point-repeated']++;
      }
    }
    call.version = version;
  }
}
