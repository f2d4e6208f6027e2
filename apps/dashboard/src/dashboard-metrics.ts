import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LiveCalls } from './calls/live-calls.ts';
import type { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import type { TimelineBroadcast } from './timeline/timeline-broadcast.ts';

/** Reads the counts that the parts keep, when Prometheus asks. */
export function createDashboardMetrics(
  calls: LiveCalls,
  ingest: AnalyzerIngest,
  broadcast: TimelineBroadcast,
): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'undertone_dashboard_' });

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `undertone_dashboard_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, label: string, read: () => Record<string, number>): void => {
    new Counter({
      name: `undertone_dashboard_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count);
      },
    });
  };

  gauge('calls', 'Live calls', () => calls.live().length);
  gauge('speakers', 'Speakers present in live calls', () =>
    calls.live().reduce((sum, call) => sum + call.present.length, 0),
  );
  gauge('points_kept', 'Points in memory', () => calls.pointsKept);
  gauge('viewers', 'Browsers connected to the timeline', () => broadcast.viewers);
  gauge('analyzers', 'Connections from analyzers', () => ingest.connections);
  counter('ingest_messages_total', 'Messages from analyzers, by outcome', 'outcome', () => ({
    taken: ingest.messages,
    ...ingest.refusals,
  }));
  counter('points_total', 'Points, speakers and calls from analyzers, by outcome', 'outcome', () => ({
    ...calls.counts,
  }));
  counter('broadcast_messages_total', 'Messages to browsers, by kind', 'kind', () => ({
    ...broadcast.counts,
  }));
  return registry;
}
