import { Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LiveCalls } from '../calls/live-calls.ts';
import { AnalyzerIngest } from '../ingest/analyzer-ingest.ts';
import { TimelineBroadcast } from './timeline-broadcast.ts';

const deltaIntervalMs = 200;
const wallIntervalMs = 400;
const sweepIntervalMs = 1_000;

/** The timers: when viewers are told, and when what is over is let go of. */
export class TimelinePulse implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #calls: LiveCalls;
  readonly #ingest: AnalyzerIngest;
  readonly #broadcast: TimelineBroadcast;
  #timers: NodeJS.Timeout[] = [];

  constructor(
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(AnalyzerIngest) ingest: AnalyzerIngest,
    @Inject(TimelineBroadcast) broadcast: TimelineBroadcast,
  ) {
    this.#calls = calls;
    this.#ingest = ingest;
    this.#broadcast = broadcast;
  }

  onApplicationBootstrap(): void {
    this.#timers = [
      setInterval(() => this.#broadcast.flushCalls(), deltaIntervalMs),
      setInterval(() => this.#broadcast.flushWall(), wallIntervalMs),
      setInterval(() => this.#calls.sweep(this.#ingest.oldestHelloAtMs), sweepIntervalMs),
    ];
  }

  onModuleDestroy(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}
