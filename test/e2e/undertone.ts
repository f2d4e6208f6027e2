import type { Logger } from 'pino';
import { readConfig as readAnalyzerConfig } from '../../apps/analyzer/src/config.ts';
import { createAnalyzerApp } from '../../apps/analyzer/src/create-analyzer-app.ts';
import { readConfig as readDashboardConfig } from '../../apps/dashboard/src/config.ts';
import { createDashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { readConfig as readBridgeConfig } from '../../apps/sfu-bridge/src/config.ts';
import { createBridgeApp } from '../../apps/sfu-bridge/src/create-bridge-app.ts';

export interface UndertoneOptions {
  profile: 'customer-only' | 'demo';
  /** Of hosts that pipe their calls in; absent where a test has none. */
  tapToken?: string;
  /** Folders of the built web pages; absent where a test looks at no page. */
  webFolders?: { bridge: string; dashboard: string };
  /** The built overlay, and the origins of the pages that use it. */
  overlay?: { folder: string; allowedOrigins: string[] };
  /** Takes what all three log, and they log everything; absent, they log only what is fatal, to standard output. */
  log?: Logger;
}

/** All of Undertone on free ports: bridge with a real mediasoup worker, analyzer with the shipped model, dashboard. */
export class Undertone {
  readonly bridgeUrl: string;
  readonly analyzerUrl: string;
  readonly dashboardUrl: string;
  readonly #parts: { close(): Promise<void> }[];

  private constructor(
    bridgeUrl: string,
    analyzerUrl: string,
    dashboardUrl: string,
    parts: { close(): Promise<void> }[],
  ) {
    this.bridgeUrl = bridgeUrl;
    this.analyzerUrl = analyzerUrl;
    this.dashboardUrl = dashboardUrl;
    this.#parts = parts;
  }

  static async start({ profile, tapToken, webFolders, overlay, log }: UndertoneOptions): Promise<Undertone> {
    const quiet = { LOG_LEVEL: 'fatal' };
    const dashboard = await createDashboardApp(
      {
        ...readDashboardConfig({ ...quiet, DASHBOARD_PORT: '0', DATA_FOLDER: 'none' }),
        ...(webFolders ? { webFolder: webFolders.dashboard } : {}),
        ...(overlay ? { overlayFolder: overlay.folder, allowedOrigins: overlay.allowedOrigins } : {}),
      },
      log,
    );
    const analyzer = await createAnalyzerApp(
      readAnalyzerConfig({ ...quiet, ANALYZER_PORT: '0', DASHBOARD_URL: ingestOf(dashboard.url) }),
      undefined,
      log,
    );
    const bridge = await createBridgeApp(
      {
        ...readBridgeConfig({
          ...quiet,
          BRIDGE_PORT: '0',
          RTC_PORT: '0',
          MEDIA_WORKERS: '1',
          BRIDGE_WORKERS: '1',
          ANALYSIS_PROFILE: profile,
          ANALYZER_URL: ingestOf(analyzer.url),
          ...(tapToken === undefined ? {} : { TAP_TOKEN: tapToken }),
        }),
        ...(webFolders ? { webFolder: webFolders.bridge } : {}),
      },
      undefined,
      log,
    );
    return new Undertone(bridge.url, analyzer.url, dashboard.url, [bridge, analyzer, dashboard]);
  }

  /** The value of one of the bridge's metrics, the sum over its labels. */
  async bridgeMetric(name: string): Promise<number> {
    const text = await (await fetch(`${this.bridgeUrl}/metrics`)).text();
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    if (lines.length === 0) throw new Error(`the bridge has no metric ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.close();
  }
}

const ingestOf = (url: string): string => `${url.replace(/^http/, 'ws')}/ingest`;
