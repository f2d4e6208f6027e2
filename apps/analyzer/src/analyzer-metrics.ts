import { Metrics } from '@undertone/http';
import type { AnalysisPulse } from './batch/analysis-pulse.ts';
import type { DashboardLink } from './downlink/dashboard-link.ts';
import type { BridgeIngest } from './ingest/bridge-ingest.ts';
import type { ModelDesk } from './model/model-desk.ts';
import type { Roster } from './session/roster.ts';
import type { SessionCounts } from './session/session-counts.ts';

/** The distributions, observed as they happen; everything else is read from the parts when Prometheus asks. */
export class AnalyzerMetrics {
  readonly all = new Metrics('analyzer');
  readonly tickSeconds = this.all.histogram(
    'tick_seconds',
    'Duration of one tick: all rounds',
    [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32],
  );
  readonly engineSeconds = this.all.histogram(
    'engine_seconds',
    'Duration of one call of the engine',
    [0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08],
  );
  readonly batchSpeakers = this.all.histogram(
    'batch_speakers',
    'Speakers in one call of the engine',
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
  );

  readonly pointLagSeconds = this.all.histogram(
    'point_lag_seconds',
    "From the end of a point's audio to its sending: network, jitter buffer, waiting and judging",
    [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 10],
  );

  /** Registers what is read from the parts. */
  watch(
    counts: SessionCounts,
    models: ModelDesk,
    roster: Roster,
    ingest: BridgeIngest,
    link: DashboardLink,
    pulse: AnalysisPulse,
  ): void {
    const { relay, drift } = models;
    this.all.labelledGauge('engine_info', 'Which engine runs the model', 'engine', () => ({
      [relay.engine.name]: 1,
    }));
    this.all.labelledGauge('model_info', 'Which model serves, by the hash of its weights', 'sha256', () => ({
      [relay.model.manifest.files.weights.sha256]: 1,
    }));
    this.all.labelledGauge('precision_info', 'Which numbers its weights are kept in', 'precision', () => ({
      [relay.model.precision]: 1,
    }));
    this.all.gauge('speakers', 'Speakers present', () => roster.size);
    this.all.gauge('analysed_speakers', 'Speakers being analysed', () => relay.speakers);
    this.all.gauge(
      'handing_over_speakers',
      'Speakers still judged by the model before',
      () => relay.handingOver,
    );
    this.all.gauge('bridges', 'Bridges connected', () => ingest.bridges);
    this.all.gauge(
      'paused_bridges',
      'Bridges not read just now because they are ahead of the model',
      () => ingest.paused,
    );
    this.all.gauge('waiting_steps', 'Steps left waiting by the last tick', () => relay.backlog);
    this.all.gauge('dashboard_connected', 'Whether the dashboard is connected', () =>
      link.state === 'connected' ? 1 : 0,
    );
    this.all.gauge(
      'dashboard_queue_messages',
      'Messages of points that wait for the dashboard',
      () => link.queued,
    );
    this.all.gauge('dashboard_buffered_bytes', 'Bytes that wait in the socket', () => link.bufferedBytes);
    this.all.counter(
      'dashboard_messages_dropped_total',
      'Messages, of points and of who left, that gave way while the dashboard was away',
      () => link.droppedMessages,
    );
    this.all.counter('frames_total', 'PCM frames taken', () => ingest.frames);
    this.all.counter('frames_missing_total', 'PCM frames that never came', () => counts.missingFrames);
    this.all.counter('frames_stale_total', 'PCM frames that came late or twice', () => counts.staleFrames);
    this.all.counter('concealed_samples_total', 'Samples that were made up', () => counts.concealedSamples);
    this.all.counter('steps_total', 'Steps judged by the model', () => relay.steps);
    this.all.counter('silent_steps_total', 'Steps without speech, not judged', () => counts.silentSteps);
    this.all.counter('steps_dropped_total', 'Steps that gave way to newer ones', () => counts.droppedSteps);
    this.all.counter('engine_failures_total', 'Calls of the engine that failed', () => relay.engineFailures);
    this.all.counter('model_changes_total', 'Models that took over', () => relay.handOvers);
    this.all.counter('model_refusals_total', 'Models that were refused', () => models.refusals);
    this.all.counter(
      'forgotten_speakers_total',
      'Speakers whom a new model could not be made to hear again',
      () => relay.forgotten,
    );
    this.all.gauge('drifting', 'Whether speech differs from the training data', () =>
      drift.read().drifting ? 1 : 0,
    );
    this.all.labelledGauge('drift', 'How far speech is from the training data', 'of', () => {
      const { featureShift, featureSpread, stabilityIndex, confidenceIndex } = drift.read();
      return {
        'feature-shift': featureShift,
        'feature-spread': featureSpread,
        'stability-index': stabilityIndex,
        'confidence-index': confidenceIndex,
      };
    });
    this.all.labelledGauge('drift_limit', 'Above it counts as drift', 'of', () => {
      const { shiftDeviations, stabilityIndex } = drift.read().limits;
      return {
        'feature-shift': shiftDeviations,
        'stability-index': stabilityIndex,
        'confidence-index': stabilityIndex,
      };
    });
    this.all.labelledGauge(
      'expression_share',
      'Mean posterior of recent points of speech',
      'expression',
      () => drift.read().expressions ?? {},
    );
    this.#watchShadow(models);
    this.all.counter('ticks_missed_total', 'Ticks left out because one took too long', () => pulse.missed);
    this.all.counter('dashboard_connections_total', 'Connections to the dashboard', () => link.connections);
    this.all.counter('dashboard_messages_total', 'Messages sent to the dashboard', () => link.sent);
    this.all.labelledCounter(
      'refusals_total',
      'What bridges sent and was refused',
      'code',
      () => ingest.refusals.counts,
    );
    this.all.labelledCounter('points_total', 'Points made', 'state', () => counts.points);
    this.all.labelledCounter('points_dropped_total', 'Points lost', 'reason', () => ({
      'model-behind': counts.droppedPoints,
      'clock-went-back': counts.pointsOutOfOrder,
      'dashboard-away': link.droppedPoints,
    }));
  }

  #watchShadow(models: ModelDesk): void {
    this.all.gauge('shadow_present', 'Whether a candidate listens along', () => (models.shadow ? 1 : 0));
    this.all.labelledGauge('shadow', 'How a candidate compares with the model that serves', 'of', () => {
      const { comparison: compared, steps = 0, engineMs = 0 } = models.shadow ?? {};
      return {
        agreement: compared?.agreement ?? null,
        'probability-difference': compared?.probabilityDifference ?? null,
        'jensen-shannon-bits': compared?.divergence ?? null,
        'valence-difference': compared?.valenceDifference ?? null,
        'arousal-difference': compared?.arousalDifference ?? null,
        'engine-seconds-per-step': steps === 0 ? null : engineMs / 1_000 / steps,
      };
    });
    this.all.labelledGauge('shadow_work', 'What the present candidate did and left out', 'of', () => {
      const { shadow } = models;
      return {
        steps: shadow?.steps ?? 0,
        'points-compared': shadow?.comparison.points ?? 0,
        'steps-dropped': shadow?.comparison.droppedSteps ?? 0,
        'ticks-skipped': shadow?.skippedTicks ?? 0,
        'engine-failures': shadow?.engineFailures ?? 0,
      };
    });
  }
}
