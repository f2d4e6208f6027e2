import type { EmotionPoint } from '@undertone/wire';
import type { Logger } from 'pino';
import type { CallObserver } from '../calls/call-observer.ts';
import type { LiveCall } from '../calls/live-call.ts';
import type { LiveSpeaker } from '../calls/live-speaker.ts';
import type { Clock } from '../clock.ts';
import { type HistoryBatch, type HistoryChange, HistoryError, type HistoryStore } from './history-store.ts';
import { PointColumns } from './point-columns.ts';

export interface RecorderLimits {
  /** Points that wait while the store is slow or fails; further ones are dropped and counted. */
  maxPendingPoints: number;
  /** The same for changes of calls and speakers. */
  maxPendingChanges: number;
}

export interface RecorderCounts {
  points: number;
  batches: number;
  'failed-batch': number;
  'dropped-point': number;
  'dropped-change': number;
}

/** How long to wait after a failure of the store: doubling from the first to the last. */
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** What is collected until the store has room for it. */
class PendingBatch {
  readonly changes: HistoryChange[] = [];
  readonly owners = new Map<LiveSpeaker, { index: number; recordId: string }>();
  readonly points: PointColumns;

  constructor(maxPoints: number) {
    this.points = new PointColumns(maxPoints);
  }

  get empty(): boolean {
    return this.changes.length === 0 && this.points.length === 0;
  }

  ownerOf(call: LiveCall, speaker: LiveSpeaker): number {
    let owner = this.owners.get(speaker);
    if (!owner) {
      owner = { index: this.owners.size, recordId: call.recordId };
      this.owners.set(speaker, owner);
    }
    return owner.index;
  }

  forget(speaker: LiveSpeaker): void {
    const owner = this.owners.get(speaker);
    if (owner) this.points.forget(owner.index);
  }

  packed(): HistoryBatch {
    const owners = [...this.owners].map(([{ speaker }, { recordId }]) => ({
      recordId,
      speakerId: speaker.id,
    }));
    return { changes: this.changes, owners, points: this.points.packed() };
  }
}

/**
 * Hands every change of the live calls to the store, in batches: one is written while the next is collected. Nothing
 * here waits. A batch that failed is tried again, after ever longer pauses, before anything newer is.
 */
export class HistoryRecorder implements CallObserver {
  readonly counts: RecorderCounts = {
    points: 0,
    batches: 0,
    'failed-batch': 0,
    'dropped-point': 0,
    'dropped-change': 0,
  };
  /** Why the store fails; null while it works. */
  failure: string | null = null;
  readonly #store: HistoryStore;
  readonly #clock: Clock;
  readonly #limits: RecorderLimits;
  readonly #log: Logger;
  #pending: PendingBatch;
  /** The batch that is being written, or that failed and comes next. */
  #sent: PendingBatch | null = null;
  #writing: Promise<void> | null = null;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #retryMs = firstRetryMs;

  constructor(store: HistoryStore, clock: Clock, limits: RecorderLimits, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
    this.#log = log;
    this.#pending = new PendingBatch(limits.maxPendingPoints);
  }

  get pendingPoints(): number {
    return this.#pending.points.length + (this.#sent?.points.length ?? 0);
  }

  callChanged({ recordId, id, startedAtMs, endedAtMs }: LiveCall): void {
    this.#put({ change: 'call', recordId, callId: id, startedAtMs, endedAtMs });
  }

  speakerChanged({ recordId }: LiveCall, { speaker, leftAtMs }: LiveSpeaker): void {
    this.#put({ change: 'speaker', recordId, speaker, leftAtMs });
  }

  pointAdded(call: LiveCall, speaker: LiveSpeaker, point: EmotionPoint): void {
    if (!this.#pending.points.add(this.#pending.ownerOf(call, speaker), point))
      this.counts['dropped-point']++;
  }

  speakerForgotten({ recordId }: LiveCall, speaker: LiveSpeaker): void {
    this.#pending.forget(speaker);
    this.#sent?.forget(speaker);
    this.#put({ change: 'forget-speaker', recordId, speakerId: speaker.speaker.id });
  }

  /** Takes a change that is not of the live calls. */
  tell(change: HistoryChange): void {
    this.#put(change);
  }

  /** Begins to write what waits, unless a batch is on its way or a failure is too fresh. */
  flush(): void {
    if (this.#writing || this.#clock() < this.#retryAtMs) return;
    if (!this.#sent) {
      if (this.#pending.empty) return;
      this.#sent = this.#pending;
      this.#pending = new PendingBatch(this.#limits.maxPendingPoints);
    }
    this.#writing = this.#write(this.#sent).finally(() => {
      this.#writing = null;
    });
  }

  /**
   * Resolves when everything that was told until now is kept.
   * @throws HistoryError `history-failed` that says why the store does not keep it
   */
  async settled(): Promise<void> {
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
    // What is on its way, and what was collected beside it.
    for (let batch = 0; batch < 2; batch++) {
      this.flush();
      await this.#writing;
    }
    if (this.#sent)
      throw new HistoryError('history-failed', `the history is not being kept: ${this.failure}`);
  }

  async #write(batch: PendingBatch): Promise<void> {
    try {
      await this.#store.write(batch.packed());
      this.counts.batches++;
      this.counts.points += batch.points.length;
      this.#sent = null;
      if (this.failure !== null) this.#log.info('the history is kept again');
      this.failure = null;
      this.#retryMs = firstRetryMs;
    } catch (error) {
      this.counts['failed-batch']++;
      if (this.failure === null) this.#log.error({ err: error }, 'the history is not being kept');
      this.failure = error instanceof Error ? error.message : String(error);
      this.#retryAtMs = this.#clock() + this.#retryMs;
      this.#retryMs = Math.min(longestRetryMs, 2 * this.#retryMs);
    }
  }

  #put(change: HistoryChange): void {
    if (this.#pending.changes.length < this.#limits.maxPendingChanges) this.#pending.changes.push(change);
    else this.counts['dropped-change']++;
  }
}
