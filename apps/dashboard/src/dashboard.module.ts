import { type DynamicModule, Module } from '@nestjs/common';
import { HEALTH, Metrics } from '@undertone/http';
import type { Logger } from 'pino';
import { CallsController } from './calls/calls.controller.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { CLOCK, type Clock } from './clock.ts';
import { DASHBOARD_CONFIG, type DashboardConfig } from './config.ts';
import { DashboardHealth } from './dashboard-health.ts';
import { dashboardMetrics } from './dashboard-metrics.ts';
import { AboutController } from './http/about.controller.ts';
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
    controllers: [CallsController, AboutController, PageController],
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
        provide: Metrics,
        inject: [LiveCalls, AnalyzerIngest, TimelineBroadcast],
        useFactory: dashboardMetrics,
      },
      {
        provide: HEALTH,
        inject: [LiveCalls, AnalyzerIngest, WebPage],
        useFactory: (calls: LiveCalls, ingest: AnalyzerIngest, page: WebPage) =>
          new DashboardHealth(calls, ingest, page),
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
