import { type DynamicModule, Module } from '@nestjs/common';
import { HEALTH, Metrics } from '@undertone/http';
import type { Logger } from 'pino';
import { ApiDocumentsController } from './api/api-documents.controller.ts';
import { CallsController } from './calls/calls.controller.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { CLOCK, type Clock } from './clock.ts';
import { DASHBOARD_CONFIG, type DashboardConfig } from './config.ts';
import { DashboardHealth } from './dashboard-health.ts';
import { dashboardMetrics } from './dashboard-metrics.ts';
import { HistoryController } from './history/history.controller.ts';
import { HistoryKeeper } from './history/history-keeper.ts';
import { HistoryRecorder } from './history/history-recorder.ts';
import { HISTORY_STORE, type HistoryStore } from './history/history-store.ts';
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
export function dashboardModule(
  config: DashboardConfig,
  store: HistoryStore,
  clock: Clock,
  log: Logger,
): DynamicModule {
  return {
    module: DashboardModule,
    controllers: [
      CallsController,
      HistoryController,
      ApiDocumentsController,
      AboutController,
      PageController,
    ],
    providers: [
      { provide: DASHBOARD_CONFIG, useValue: config },
      { provide: CLOCK, useValue: clock },
      { provide: HISTORY_STORE, useValue: store },
      {
        provide: HistoryRecorder,
        useFactory: () => new HistoryRecorder(store, clock, recorderLimits, log),
      },
      {
        provide: LiveCalls,
        inject: [HistoryRecorder],
        useFactory: (recorder: HistoryRecorder) => new LiveCalls(clock, callLimits(config), [recorder]),
      },
      {
        provide: HistoryKeeper,
        inject: [HistoryRecorder, LiveCalls],
        useFactory: (recorder: HistoryRecorder, calls: LiveCalls) =>
          new HistoryKeeper(store, recorder, calls, clock, config, log),
      },
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
        inject: [LiveCalls, AnalyzerIngest, TimelineBroadcast, HistoryRecorder, HistoryKeeper],
        useFactory: dashboardMetrics,
      },
      {
        provide: HEALTH,
        inject: [LiveCalls, AnalyzerIngest, HistoryRecorder, WebPage],
        useFactory: (calls: LiveCalls, ingest: AnalyzerIngest, recorder: HistoryRecorder, page: WebPage) =>
          new DashboardHealth(calls, ingest, recorder, page),
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

/** A minute and a half of 200 calls of two. */
const recorderLimits = { maxPendingPoints: 200_000, maxPendingChanges: 20_000 };

const ingestLimits = {
  maxConnections: 256,
  maxMessageBytes: 256 * 1_024,
  maxMessagesPerSecond: 5_000,
  silenceMs: 10_000,
};
