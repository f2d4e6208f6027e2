import { Metrics } from '@undertone/http';
import type { LiveCalls } from './calls/live-calls.ts';
import type { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import type { TimelineBroadcast } from './timeline/timeline-broadcast.ts';

/** Reads the counts that the parts keep, when Prometheus asks. */
export function dashboardMetrics(
  calls: LiveCalls,
  ingest: AnalyzerIngest,
  broadcast: TimelineBroadcast,
): Metrics {
  const metrics = new Metrics('dashboard');
  metrics.gauge('calls', 'Live calls', () => calls.live().length);
  metrics.gauge('speakers', 'Speakers present in live calls', () =>
    calls.live().reduce((sum, call) => sum + call.present.length, 0),
  );
  metrics.gauge('points_kept', 'Points in memory', () => calls.pointsKept);
  metrics.gauge('viewers', 'Browsers connected to the timeline', () => broadcast.viewers);
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
  }));
  return metrics;
}
