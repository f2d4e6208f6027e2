import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AnalysisPulse } from './batch/analysis-pulse.ts';
import type { Batcher } from './batch/batcher.ts';
import type { DashboardLink } from './downlink/dashboard-link.ts';
import type { BridgeIngest } from './ingest/bridge-ingest.ts';
import type { Roster } from './session/roster.ts';
import type { SessionCounts } from './session/session-counts.ts';

const prefix = 'undertone_analyzer_';

/** The distributions, observed as they happen; everything else is read from the parts when Prometheus asks. */
export class AnalyzerMetrics {
  readonly registry = new Registry();
  readonly tickSeconds = this.#histogram(
    'tick_seconds',
    'Duration of one tick: all rounds',
    [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32],
  );
  readonly engineSeconds = this.#histogram(
    'engine_seconds',
    'Duration of one call of the engine',
    [0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08],
  );
  readonly batchSpeakers = this.#histogram(
    'batch_speakers',
    'Speakers in one call of the engine',
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
  );

  /** Registers what is read from the parts. */
  watch(
    engineName: string,
    counts: SessionCounts,
    batcher: Batcher,
    roster: Roster,
    ingest: BridgeIngest,
    link: DashboardLink,
    pulse: AnalysisPulse,
  ): void {
    collectDefaultMetrics({ register: this.registry, prefix });
    const info = new Gauge({
      name: `${prefix}engine_info`,
      help: 'Which engine runs the model',
      labelNames: ['engine'],
      registers: [this.registry],
    });
    info.set({ engine: engineName }, 1);
    this.#gauge('speakers', 'Speakers present', () => roster.size);
    this.#gauge('analysed_speakers', 'Speakers being analysed', () => batcher.speakers);
    this.#gauge('bridges', 'Bridges connected', () => ingest.bridges);
    this.#gauge('waiting_steps', 'Steps left waiting by the last tick', () => batcher.backlog);
    this.#gauge('dashboard_connected', 'Whether the dashboard is connected', () =>
      link.state === 'connected' ? 1 : 0,
    );
    this.#gauge(
      'dashboard_queue_messages',
      'Messages of points that wait for the dashboard',
      () => link.queued,
    );
    this.#counter('frames_total', 'PCM frames taken', () => ingest.frames);
    this.#counter('frames_missing_total', 'PCM frames that never came', () => counts.missingFrames);
    this.#counter('frames_stale_total', 'PCM frames that came late or twice', () => counts.staleFrames);
    this.#counter('concealed_samples_total', 'Samples that were made up', () => counts.concealedSamples);
    this.#counter('steps_total', 'Steps judged by the model', () => batcher.steps);
    this.#counter('silent_steps_total', 'Steps without speech, not judged', () => counts.silentSteps);
    this.#counter('steps_dropped_total', 'Steps that gave way to newer ones', () => counts.droppedSteps);
    this.#counter('engine_failures_total', 'Calls of the engine that failed', () => batcher.engineFailures);
    this.#counter('ticks_missed_total', 'Ticks left out because one took too long', () => pulse.missed);
    this.#counter('dashboard_connections_total', 'Connections to the dashboard', () => link.connections);
    this.#counter('dashboard_messages_total', 'Messages sent to the dashboard', () => link.sent);
    this.#labelled(
      'refusals_total',
      'What bridges sent and was refused',
      'code',
      () => ingest.refusals.counts,
    );
    this.#labelled('points_total', 'Points made', 'state', () => counts.points);
    this.#labelled('points_dropped_total', 'Points lost', 'reason', () => ({
      'model-behind': counts.droppedPoints,
      'clock-went-back': counts.pointsOutOfOrder,
      'dashboard-away': link.droppedPoints,
    }));
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: prefix + name, help, buckets, registers: [this.registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: prefix + name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name: prefix + name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #labelled(name: string, help: string, label: string, read: () => Record<string, number>): void {
    new Counter({
      name: prefix + name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  }
}
