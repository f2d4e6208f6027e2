import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createLog, createWebApp } from '@undertone/http';
import type { Logger } from 'pino';
import { analyzerModule } from './analyzer.module.ts';
import { type AnalyzerParts, loadParts } from './analyzer-parts.ts';
import { AnalysisPulse } from './batch/analysis-pulse.ts';
import type { AnalyzerConfig } from './config.ts';
import { DashboardLink } from './downlink/dashboard-link.ts';
import { BridgeIngest } from './ingest/bridge-ingest.ts';
import { ModelDesk } from './model/model-desk.ts';
import { Roster } from './session/roster.ts';

export interface AnalyzerApp {
  /** Where the analyzer listens, with the port that was really taken. */
  url: string;
  /** Takes a connection of a bridge that another process has accepted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes no more audio, judges what is there, hands the points over, frees the engine. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the analyzer, or one of its `workers`, in this process; resolves when it listens. Without `parts` it loads the model and
 * engine of `config`.
 */
export async function createAnalyzerApp(
  config: AnalyzerConfig,
  parts?: AnalyzerParts,
  log: Logger = createLog('analyzer', config.logLevel),
  workers = 1,
): Promise<AnalyzerApp> {
  const { model, engine } = parts ?? (await loadParts(config));
  const module = analyzerModule({ ...config, workers }, { model, engine }, Date.now, log);
  const app = await createWebApp('analyzer', module, log);
  const ingest = app.get(BridgeIngest);
  const pulse = app.get(AnalysisPulse);
  const link = app.get(DashboardLink);
  const roster = app.get(Roster);
  const models = app.get(ModelDesk);
  ingest.attach(app.getHttpServer());
  await app.listen(config.port, config.host);
  link.start(() => roster.speakers());
  pulse.start();
  log.info({ engine: engine.name, model: model.manifest.name }, 'the analyzer is ready');

  const close = async () => {
    await ingest.close();
    await pulse.drain();
    await link.close();
    await app.close();
    await models.close();
  };
  let closing: Promise<void> | null = null;
  return {
    url: await app.getUrl(),
    upgrade: (...upgrade) => app.getHttpServer().emit('upgrade', ...upgrade),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
