import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { maxFrameBytes } from '@undertone/wire';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { AnalyzerMetrics } from './analyzer-metrics.ts';
import { type AnalyzerParts, ENGINE, MODEL } from './analyzer-parts.ts';
import { AnalysisPulse } from './batch/analysis-pulse.ts';
import { Batcher, type BatchObserver } from './batch/batcher.ts';
import type { Clock } from './clock.ts';
import type { AnalyzerConfig } from './config.ts';
import { DashboardLink } from './downlink/dashboard-link.ts';
import { HealthController } from './http/health.controller.ts';
import { BridgeIngest, type IngestLimits } from './ingest/bridge-ingest.ts';
import { Roster } from './session/roster.ts';
import { SessionCounts } from './session/session-counts.ts';

@Module({})
class AnalyzerModule {}

/** Ties the parts together; they are plain classes and know nothing of Nest. */
export function analyzerModule(
  config: AnalyzerConfig,
  { model, engine }: AnalyzerParts,
  clock: Clock,
  log: Logger,
): DynamicModule {
  const counts = new SessionCounts();
  const metrics = new AnalyzerMetrics();
  const batcher = new Batcher(engine, model, observe(metrics, log), () => performance.now());
  const analyzerId = `analyzer-${randomUUID()}`;
  const link = new DashboardLink(config.dashboardUrl, analyzerId, Math.random, log);
  const roster = new Roster(model, batcher, link, counts, clock);
  const ingest = new BridgeIngest(roster, clock, ingestLimits(config), log);
  const pulse = new AnalysisPulse(batcher, roster, ingest, link);
  metrics.watch(engine.name, counts, batcher, roster, ingest, link, pulse);
  return {
    module: AnalyzerModule,
    imports: [LoggerModule.forRoot({ pinoHttp: { logger: log, autoLogging: false } })],
    controllers: [HealthController],
    providers: [
      { provide: ENGINE, useValue: engine },
      { provide: MODEL, useValue: model },
      { provide: Batcher, useValue: batcher },
      { provide: DashboardLink, useValue: link },
      { provide: Roster, useValue: roster },
      { provide: BridgeIngest, useValue: ingest },
      { provide: AnalysisPulse, useValue: pulse },
      { provide: Registry, useValue: metrics.registry },
    ],
  };
}

/** A speaker-joined message with the longest name is far below four frames. */
const ingestLimits = (config: AnalyzerConfig): IngestLimits => ({
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
