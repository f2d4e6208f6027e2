import { parseArgs } from 'node:util';
import { type AnalyzerConfig, readConfig } from './config.ts';
import { createAnalyzerApp } from './create-analyzer-app.ts';
import { createWorkersApp } from './workers/create-workers-app.ts';
import { runWorker } from './workers/run-worker.ts';

/** Number of the worker that this process is; set by the analyzer when it forks one. */
const { worker } = parseArgs({ options: { worker: { type: 'string' } } }).values;

function start(config: AnalyzerConfig): Promise<{ close(): Promise<void> }> {
  if (worker !== undefined) return runWorker(config, Number(worker));
  return config.workers > 1 ? createWorkersApp(config) : createAnalyzerApp(config);
}

try {
  const analyzer = await start(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      analyzer.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
