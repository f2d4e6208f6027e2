import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { CallsController } from './calls/calls.controller.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { CLOCK, type Clock } from './clock.ts';
import { DASHBOARD_CONFIG, type DashboardConfig } from './config.ts';
import { createDashboardMetrics } from './dashboard-metrics.ts';
import { AboutController } from './http/about.controller.ts';
import { HealthController } from './http/health.controller.ts';
import { PageController } from './http/page.controller.ts';
import { WebPage } from './http/web-page.ts';
import { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import { TimelineGateway } from './timeline/timeline.gateway.ts';
import { TimelineBroadcast } from './timeline/timeline-broadcast.ts';
import { TimelinePulse } from './timeline/timeline-pulse.ts';

/** Ten points a second and speaker fit; the analyzer makes fewer. */
const pointsPerSecond = 10;

@Module({})
class DashboardModule {}

/** Ties the parts together; they are plain classes and know nothing of Nest. */
export function dashboardModule(config: DashboardConfig, clock: Clock, log: Logger): DynamicModule {
  return {
    module: DashboardModule,
    imports: [
      LoggerModule.forRoot({
        pinoHttp: { logger: log, autoLogging: { ignore: ({ url }) => !url?.startsWith('/api') } },
      }),
    ],
    controllers: [CallsController, HealthController, AboutController, PageController],
    providers: [
      { provide: DASHBOARD_CONFIG, useValue: config },
      { provide: CLOCK, useValue: clock },
      { provide: LiveCalls, useFactory: () => new LiveCalls(clock, callLimits(config)) },
      {
        provide: AnalyzerIngest,
        inject: [LiveCalls],
        useFactory: (calls: LiveCalls) => new AnalyzerIngest(calls, clock, ingestLimits, log),
      },
      {
        provide: TimelineBroadcast,
        inject: [LiveCalls],
        useFactory: (calls: LiveCalls) => new TimelineBroadcast(calls, { maxBusyFlushes: 25 }),
      },
      {
        provide: Registry,
        inject: [LiveCalls, AnalyzerIngest, TimelineBroadcast],
        useFactory: createDashboardMetrics,
      },
      { provide: WebPage, useFactory: () => new WebPage(config.webFolder) },
      TimelineGateway,
      TimelinePulse,
    ],
  };
}

const callLimits = (config: DashboardConfig) => ({
  maxCalls: 2_000,
  maxSpeakersPerCall: 32,
  maxPointsPerSpeaker: Math.ceil((config.historyMs / 1_000) * pointsPerSecond),
  historyMs: config.historyMs,
  keepEndedMs: config.keepEndedMs,
  announceMs: 10_000,
  keepOrphansMs: 120_000,
  maxAheadMs: 60_000,
});

const ingestLimits = {
  maxConnections: 8,
  maxMessageBytes: 256 * 1_024,
  maxMessagesPerSecond: 5_000,
  silenceMs: 10_000,
};
