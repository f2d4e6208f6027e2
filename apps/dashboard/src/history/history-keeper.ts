import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import type { LiveCalls } from '../calls/live-calls.ts';
import type { Clock } from '../clock.ts';
import type { HistoryRecorder } from './history-recorder.ts';
import type { HistoryStore } from './history-store.ts';

const flushIntervalMs = 250;
const purgeIntervalMs = 3_600_000;
/** Points removed in one go: writing waits for no longer than that takes. */
const pointsPerPurge = 20_000;

export interface HistoryAges {
  /** Calls that ended longer ago are removed. */
  retentionMs: number;
  /** How far back the timeline of a live call reaches. */
  historyMs: number;
  /** How long an ended call can still be opened as a live one. */
  keepEndedMs: number;
}

/** When the history is written, purged and, at the start, read. */
export class HistoryKeeper implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  /** Removed for their age since the start. */
  readonly purged = { calls: 0, points: 0 };
  /** Bytes of the store when it was last purged. */
  sizeBytes = 0;
  readonly #store: HistoryStore;
  readonly #recorder: HistoryRecorder;
  readonly #calls: LiveCalls;
  readonly #clock: Clock;
  readonly #ages: HistoryAges;
  readonly #log: Logger;
  #timers: NodeJS.Timeout[] = [];
  #purging: Promise<void> | null = null;
  #closed = false;

  constructor(
    store: HistoryStore,
    recorder: HistoryRecorder,
    calls: LiveCalls,
    clock: Clock,
    ages: HistoryAges,
    log: Logger,
  ) {
    this.#store = store;
    this.#recorder = recorder;
    this.#calls = calls;
    this.#clock = clock;
    this.#ages = ages;
    this.#log = log;
  }

  onApplicationBootstrap(): void {
    this.#timers = [
      setInterval(() => this.#recorder.flush(), flushIntervalMs),
      setInterval(() => void this.purge(), purgeIntervalMs),
    ];
    void this.purge();
  }

  onModuleDestroy(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** When nobody is connected any more: what was told is kept, then the store closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.#purging;
    try {
      await this.#recorder.settled();
    } catch (error) {
      this.#log.error({ err: error, points: this.#recorder.pendingPoints }, 'points are lost');
    }
    await this.#store.close();
  }

  /** Live calls go on where they were. To be done before anyone can connect. */
  async restore(): Promise<void> {
    const now = this.#clock();
    const { historyMs, keepEndedMs } = this.#ages;
    for (const recordId of await this.#store.recentRecords(now - historyMs, now - keepEndedMs)) {
      const recent = await this.#store.recentCall(recordId, now - historyMs);
      if (recent) this.#calls.restore(recent.record, recent.points);
    }
  }

  /** Removes what is too old, a part at a time. Fails by log only: the next one tries again. */
  purge(): Promise<void> {
    this.#purging ??= this.#purge().finally(() => {
      this.#purging = null;
    });
    return this.#purging;
  }

  async #purge(): Promise<void> {
    const endedBeforeMs = this.#clock() - this.#ages.retentionMs;
    const before = { ...this.purged };
    try {
      for (let done = false; !done && !this.#closed; ) {
        const report = await this.#store.purge(endedBeforeMs, pointsPerPurge);
        this.purged.calls += report.calls;
        this.purged.points += report.points;
        done = report.done;
      }
      this.sizeBytes = await this.#store.size();
      const removed = { calls: this.purged.calls - before.calls, points: this.purged.points - before.points };
      if (removed.calls > 0) this.#log.info(removed, 'old calls were removed from the history');
    } catch (error) {
      this.#log.error({ err: error }, 'old calls could not be removed from the history');
    }
  }
}
