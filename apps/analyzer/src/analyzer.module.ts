import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { HEALTH, Metrics } from '@undertone/http';
import { maxFrameBytes } from '@undertone/wire';
import type { Logger } from 'pino';
import { AnalyzerHealth } from './analyzer-health.ts';
import { AnalyzerMetrics } from './analyzer-metrics.ts';
import type { AnalyzerParts } from './analyzer-parts.ts';
import { AnalysisPulse } from './batch/analysis-pulse.ts';
import type { BatchObserver } from './batch/batcher.ts';
import type { Clock } from './clock.ts';
import type { AnalyzerConfig } from './config.ts';
import { DashboardLink } from './downlink/dashboard-link.ts';
import { AdminToken } from './http/admin-token.ts';
import { ModelController } from './http/model.controller.ts';
import { BridgeIngest, type IngestLimits } from './ingest/bridge-ingest.ts';
import { DriftMonitor } from './model/drift-monitor.ts';
import { ModelDesk } from './model/model-desk.ts';
import { ModelRelay } from './model/model-relay.ts';
import { Roster } from './session/roster.ts';
import { SessionCounts } from './session/session-counts.ts';

@Module({})
class AnalyzerModule {}

/** Ties the parts together; they are plain classes and know nothing of Nest. */
export function analyzerModule(
  config: AnalyzerConfig,
  parts: AnalyzerParts,
  clock: Clock,
  log: Logger,
): DynamicModule {
  const counts = new SessionCounts();
  const metrics = new AnalyzerMetrics();
  const clockMs = () => performance.now();
  const relay = new ModelRelay(parts, observe(metrics, log), clockMs, clock);
  const drift = new DriftMonitor(parts.model, config.drift);
  const models = new ModelDesk(relay, drift, config, clockMs, clock, log);
  const analyzerId = `analyzer-${randomUUID()}`;
  const link = new DashboardLink(config.dashboardUrl, analyzerId, Math.random, log);
  const roster = new Roster(models, link, counts, clock);
  roster.onPoints = (lagMs) => metrics.pointLagSeconds.observe(lagMs / 1_000);
  const ingest = new BridgeIngest(roster, clock, ingestLimits(config), log);
  const pulse = new AnalysisPulse(models, roster, ingest, link, clockMs);
  metrics.watch(counts, models, roster, ingest, link, pulse);
  return {
    module: AnalyzerModule,
    controllers: [ModelController],
    providers: [
      { provide: ModelDesk, useValue: models },
      { provide: AdminToken, useValue: new AdminToken(config.adminToken) },
      { provide: DashboardLink, useValue: link },
      { provide: Roster, useValue: roster },
      { provide: BridgeIngest, useValue: ingest },
      { provide: AnalysisPulse, useValue: pulse },
      { provide: Metrics, useValue: metrics.all },
      { provide: HEALTH, useValue: new AnalyzerHealth(models, roster, ingest, link) },
    ],
  };
}

/** A speaker-joined message with the longest name is far below four frames. */
const ingestLimits = (config: AnalyzerConfig): IngestLimits => ({
  workers: config.workers,
  maxConnections: config.maxBridges,
  maxSpeakers: config.maxSpeakersPerBridge,
  maxMessageBytes: 4 * maxFrameBytes,
  creditFrames: 8_192,
  maxRefusals: 1_000,
  silenceMs: 10_000,
});

function observe(metrics: AnalyzerMetrics, log: Logger): BatchObserver {
  let failing = false;
  return {
    round(speakers, engineMs) {
      failing = false;
      metrics.batchSpeakers.observe(speakers);
      metrics.engineSeconds.observe(engineMs / 1_000);
    },
    failed(error) {
      if (!failing) log.error({ err: error }, 'the engine failed on a batch');
      failing = true;
    },
    tick(ms) {
      metrics.tickSeconds.observe(ms / 1_000);
    },
  };
}
