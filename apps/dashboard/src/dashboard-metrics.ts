import { Metrics } from '@undertone/http';
import type { AlertDesk } from './alerts/alert-desk.ts';
import type { LiveCalls } from './calls/live-calls.ts';
import type { HistoryKeeper } from './history/history-keeper.ts';
import type { HistoryRecorder } from './history/history-recorder.ts';
import type { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import type { AlertBroadcast } from './timeline/alert-broadcast.ts';
import type { TimelineBroadcast } from './timeline/timeline-broadcast.ts';
import type { WebhookSender } from './webhooks/webhook-sender.ts';

/** Reads the counts that the parts keep, when Prometheus asks. */
export function dashboardMetrics(
  calls: LiveCalls,
  ingest: AnalyzerIngest,
  broadcast: TimelineBroadcast,
  recorder: HistoryRecorder,
  keeper: HistoryKeeper,
  desk: AlertDesk,
  alertBroadcast: AlertBroadcast,
  webhooks: WebhookSender,
): Metrics {
  const metrics = new Metrics('dashboard');
  const pointLagSeconds = metrics.histogram(
    'point_lag_seconds',
    "From the end of a point's audio to its arrival here",
    [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 10],
  );
  ingest.onPoints = (lagMs) => pointLagSeconds.observe(lagMs / 1_000);
  metrics.gauge('calls', 'Live calls', () => calls.live().length);
  metrics.gauge('speakers', 'Speakers present in live calls', () =>
    calls.live().reduce((sum, call) => sum + call.present.length, 0),
  );
  metrics.gauge('points_kept', 'Points in memory', () => calls.pointsKept);
  metrics.gauge('viewers', 'Browsers connected to the timeline', () => broadcast.viewers);
  metrics.gauge('viewers_behind', 'Browsers that read too slowly to be sent deltas', () => broadcast.behind);
  metrics.labelledCounter('viewer_refusals_total', 'What was refused of browsers', 'code', () => ({
    ...broadcast.refusals,
  }));
  metrics.gauge('analyzers', 'Connections from analyzers', () => ingest.connections);
  metrics.labelledCounter('ingest_messages_total', 'Messages from analyzers, by outcome', 'outcome', () => ({
    taken: ingest.messages,
    ...ingest.refusals.counts,
  }));
  metrics.labelledCounter(
    'points_total',
    'Points, speakers and calls from analyzers, by outcome',
    'outcome',
    () => ({
      ...calls.counts,
    }),
  );
  metrics.labelledCounter('broadcast_messages_total', 'Messages to browsers, by kind', 'kind', () => ({
    ...broadcast.counts,
    ...alertBroadcast.counts,
  }));
  metrics.gauge('history_pending_points', 'Points that wait to be kept', () => recorder.pendingPoints);
  metrics.gauge('history_failing', 'Whether the history is not being kept', () =>
    Number(recorder.failure !== null),
  );
  metrics.gauge('history_size_bytes', 'Size of the history when it was last purged', () => keeper.sizeBytes);
  metrics.labelledCounter('history_total', 'What was told to the history, by outcome', 'outcome', () => ({
    ...recorder.counts,
  }));
  metrics.labelledCounter('history_purged_total', 'Removed from the history for their age', 'kind', () => ({
    ...keeper.purged,
  }));
  metrics.gauge('alerts_open', 'Alerts at hand that nobody acknowledged', () => desk.open);
  metrics.labelledCounter('alerts_total', 'Alerts, by what became of them', 'outcome', () => ({
    ...desk.counts,
  }));
  metrics.gauge('webhooks_waiting', 'Webhooks that are on their way', () => webhooks.waiting);
  metrics.labelledCounter('webhooks_total', 'Webhooks, by outcome', 'outcome', () => ({
    ...webhooks.counts,
  }));
  return metrics;
}
