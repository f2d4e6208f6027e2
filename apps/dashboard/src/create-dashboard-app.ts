import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLog, createWebApp, Metrics } from '@undertone/http';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { AlertDesk } from './alerts/alert-desk.ts';
import { LiveCalls } from './calls/live-calls.ts';
import type { DashboardConfig } from './config.ts';
import { dashboardModule } from './dashboard.module.ts';
import { HistoryKeeper } from './history/history-keeper.ts';
import { historyProblem } from './history/history-problem.ts';
import type { HistoryStore } from './history/history-store.ts';
import { HistoryThread } from './history/history-thread.ts';
import { ApiGuard } from './http/api-guard.ts';
import { AnalyzerIngest } from './ingest/analyzer-ingest.ts';
import { TimelineAdapter } from './timeline/timeline.adapter.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';

export interface DashboardApp {
  /** Where the dashboard listens, with the port that was really taken. */
  url: string;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Starts the dashboard; resolves when it listens. */
export async function createDashboardApp(
  config: DashboardConfig,
  log: Logger = createLog('dashboard', config.logLevel),
): Promise<DashboardApp> {
  const history = await openHistory(config.historyFile);
  const app = await createWebApp(
    'dashboard',
    dashboardModule(config, history, Date.now, log),
    log,
    historyProblem,
  );
  app.use(securityHeaders(config));
  guardApi(app, config);
  app.useWebSocketAdapter(new TimelineAdapter(app, config));
  serveAssets(app, config.webFolder);
  const ingest = app.get(AnalyzerIngest);
  ingest.attach(app.getHttpServer());
  await restore(app, history);
  await app.listen(config.port, config.host);

  let closing: Promise<void> | null = null;
  return {
    url: await app.getUrl(),
    close: () => {
      if (!closing) {
        void ingest.close();
        closing = app.close();
      }
      return closing;
    },
  };
}

function guardApi(app: NestExpressApplication, { allowedOrigins }: DashboardConfig): void {
  const guard = new ApiGuard(allowedOrigins, Date.now, apiLimits);
  app.get(Metrics).labelledCounter('api_refusals_total', 'What was refused before /api', 'code', () => ({
    ...guard.refusals,
  }));
  app.use('/api', guard.check);
  if (allowedOrigins.length > 0)
    app.enableCors({
      origin: allowedOrigins,
      methods: ['GET', 'POST', 'PUT'],
      allowedHeaders: ['content-type'],
      maxAge: 600,
    });
}

/** A page that opens asks a dozen times at once; many people may share an address behind a proxy. */
const apiLimits = { requestsPerSecond: 100, burst: 500, maxAddresses: 10_000 };

/** Calls, alerts and webhooks go on where they were before the restart. */
async function restore(app: NestExpressApplication, history: HistoryStore): Promise<void> {
  await app.get(HistoryKeeper).restore();
  const { alerts } = await history.alerts({ open: false, limit: 1_000 });
  app.get(AlertDesk).restore(alerts.reverse(), app.get(LiveCalls).live());
  app.get(WebhookSender).restore(await history.deliveries(false, 1_000));
}

async function openHistory(file: string): Promise<HistoryStore> {
  try {
    return await HistoryThread.open(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the dashboard can't open its history ${file}: ${reason}\nsee that DATA_FOLDER can be written, or put another folder there`,
    );
  }
}

/** Vite puts a hash of the content into the names of its assets, so that they never change. */
function serveAssets(app: NestExpressApplication, webFolder: string): void {
  app.useStaticAssets(join(webFolder, 'assets'), { prefix: '/assets', immutable: true, maxAge: '1y' });
  app.useStaticAssets(webFolder, { index: false, redirect: false });
}

/** No inline script or style, nothing from elsewhere, no frames. */
const securityHeaders = (config: DashboardConfig) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: config.allowedOrigins.length > 0 ? config.allowedOrigins : ["'none'"],
      },
    },
    // Plain HTTP on a local network is a normal way to run this; TLS is the proxy's business.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
