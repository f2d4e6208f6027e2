import { Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Metrics } from '@undertone/http';
import { LiveCalls } from '../calls/live-calls.ts';
import { AnalyzerIngest } from '../ingest/analyzer-ingest.ts';
import { AlertBroadcast } from './alert-broadcast.ts';
import { TimelineBroadcast } from './timeline-broadcast.ts';

const deltaIntervalMs = 200;
const wallIntervalMs = 400;
const sweepIntervalMs = 1_000;

/** The timers: when viewers are told, and when what is over is let go of. */
export class TimelinePulse implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #calls: LiveCalls;
  readonly #ingest: AnalyzerIngest;
  readonly #broadcast: TimelineBroadcast;
  readonly #alerts: AlertBroadcast;
  readonly #flushSeconds: ReturnType<Metrics['histogram']>;
  #timers: NodeJS.Timeout[] = [];

  constructor(
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(AnalyzerIngest) ingest: AnalyzerIngest,
    @Inject(TimelineBroadcast) broadcast: TimelineBroadcast,
    @Inject(AlertBroadcast) alerts: AlertBroadcast,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.#calls = calls;
    this.#ingest = ingest;
    this.#broadcast = broadcast;
    this.#alerts = alerts;
    this.#flushSeconds = metrics.histogram(
      'flush_seconds',
      'Duration of one flush: what changed, encoded and handed to the sockets of the viewers',
      [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
    );
  }

  onApplicationBootstrap(): void {
    this.#timers = [
      setInterval(() => this.#timed(() => this.#broadcast.flushCalls()), deltaIntervalMs),
      setInterval(() => this.#timed(() => this.#broadcast.flushWall()), wallIntervalMs),
      setInterval(() => this.#timed(() => this.#alerts.flush()), wallIntervalMs),
      setInterval(() => this.#calls.sweep(this.#ingest.oldestHelloAtMs), sweepIntervalMs),
    ];
  }

  #timed(flush: () => void): void {
    const startMs = performance.now();
    flush();
    this.#flushSeconds.observe((performance.now() - startMs) / 1_000);
  }

  onModuleDestroy(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}
