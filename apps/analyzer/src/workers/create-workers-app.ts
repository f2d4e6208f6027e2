import { type DynamicModule, Module } from '@nestjs/common';
import { createLog, createWebApp, HEALTH, Metrics } from '@undertone/http';
import type { AnalyzerConfig } from '../config.ts';
import { AdminToken } from '../http/admin-token.ts';
import { AnalyzerWorkers } from './analyzer-workers.ts';
import { WorkersHealth } from './workers-health.ts';
import { WorkersMetrics } from './workers-metrics.ts';
import { WorkersModelController } from './workers-model.controller.ts';

export interface WorkersApp {
  /** Where the analyzer listens, with the port that was really taken. */
  url: string;
  /** Ends the workers when they have handed over what they heard. Idempotent. */
  close(): Promise<void>;
}

@Module({})
class WorkersModule {}

/**
 * Starts an analyzer of several workers: this process keeps them running, hands them the bridges' connections and speaks for
 * them all. Resolves when all of them listen.
 * @throws Error if a worker can't be started or the port is taken
 */
export async function createWorkersApp(config: AnalyzerConfig): Promise<WorkersApp> {
  const log = createLog('analyzer', config.logLevel);
  const workers = new AnalyzerWorkers(config, log);
  const module: DynamicModule = {
    module: WorkersModule,
    controllers: [WorkersModelController],
    providers: [
      { provide: AnalyzerWorkers, useValue: workers },
      { provide: AdminToken, useValue: new AdminToken(config.adminToken) },
      { provide: Metrics, useValue: new WorkersMetrics(workers) },
      { provide: HEALTH, useValue: new WorkersHealth(workers) },
    ],
  };
  const app = await createWebApp('analyzer', module, log);
  await workers.start();
  let closing: Promise<void> | null = null;
  const end = async () => {
    await workers.stop();
    await app.close();
  };
  const close = () => {
    closing ??= end();
    return closing;
  };
  app.getHttpServer().on('upgrade', workers.upgrade.bind(workers));
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ workers: config.workers }, 'the analyzer is ready');
  return { url: await app.getUrl(), close };
}
