import { type DynamicModule, Module } from '@nestjs/common';
import { HEALTH, Metrics } from '@undertone/http';
import type { Logger } from 'pino';
import { AlertDesk, type AlertOutlet } from './alerts/alert-desk.ts';
import { AlertRuleBook } from './alerts/alert-rule-book.ts';
import { AlertRulesController } from './alerts/alert-rules.controller.ts';
import { AlertsController } from './alerts/alerts.controller.ts';
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
import { HISTORY_STORE, type HistoryChange, type HistoryStore } from './history/history-store.ts';
import { AboutController } from './http/about.controller.ts';
import { OverlayController } from './http/overlay.controller.ts';
import { PageController } from './http/page.controller.ts';
import { WebPage } from './http/web-page.ts';
import { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import { AlertBroadcast } from './timeline/alert-broadcast.ts';
import { TimelineGateway } from './timeline/timeline.gateway.ts';
import { TimelineBroadcast } from './timeline/timeline-broadcast.ts';
import { TimelinePulse } from './timeline/timeline-pulse.ts';
import { webhookPost } from './webhooks/webhook-post.ts';
import { WebhookPulse } from './webhooks/webhook-pulse.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';
import { WebhooksController } from './webhooks/webhooks.controller.ts';

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
      AlertsController,
      AlertRulesController,
      WebhooksController,
      ApiDocumentsController,
      AboutController,
      OverlayController,
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
        provide: WebhookSender,
        inject: [HistoryRecorder],
        useFactory: (recorder: HistoryRecorder) => webhookSender(config, recorder, clock, log),
      },
      {
        provide: WebhookPulse,
        inject: [WebhookSender],
        useFactory: (sender: WebhookSender) => new WebhookPulse(sender),
      },
      { provide: AlertRuleBook, useFactory: () => new AlertRuleBook(config.alertRulesFile) },
      {
        provide: AlertDesk,
        inject: [AlertRuleBook, HistoryRecorder, WebhookSender],
        useFactory: (book: AlertRuleBook, recorder: HistoryRecorder, sender: WebhookSender) =>
          new AlertDesk(book.rules, alertOutlet(recorder, sender), clock),
      },
      {
        provide: LiveCalls,
        inject: [HistoryRecorder, AlertDesk],
        useFactory: (recorder: HistoryRecorder, desk: AlertDesk) =>
          new LiveCalls(clock, callLimits(config), [recorder, desk]),
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
        provide: AlertBroadcast,
        inject: [AlertDesk],
        useFactory: (desk: AlertDesk) => new AlertBroadcast(desk),
      },
      {
        provide: Metrics,
        inject: [
          LiveCalls,
          AnalyzerIngest,
          TimelineBroadcast,
          HistoryRecorder,
          HistoryKeeper,
          AlertDesk,
          AlertBroadcast,
          WebhookSender,
        ],
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

function webhookSender(
  config: DashboardConfig,
  recorder: HistoryRecorder,
  clock: Clock,
  log: Logger,
): WebhookSender {
  const { urls, secret, privateHosts } = config.webhooks ?? { urls: [], secret: '', privateHosts: [] };
  const tell = (change: HistoryChange) => recorder.tell(change);
  return new WebhookSender(urls, webhookPost(secret, privateHosts), tell, clock, senderLimits, log);
}

const alertOutlet = (recorder: HistoryRecorder, sender: WebhookSender): AlertOutlet => ({
  alertChanged: (alert) => recorder.tell({ change: 'alert', alert }),
  alertFired: (alert) => sender.announce('alert.fired', alert),
  alertEnded: (alert) => sender.announce('alert.ended', alert),
  alertRemoved: (alertId) => sender.forget(alertId),
});

const senderLimits = { maxWaiting: 1_000, maxPosting: 4 };

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
