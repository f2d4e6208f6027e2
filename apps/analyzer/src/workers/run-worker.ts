import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { createLog } from '@undertone/http';
import type { AnalyzerConfig } from '../config.ts';
import { type AnalyzerApp, createAnalyzerApp } from '../create-analyzer-app.ts';
import type { HandedUpgrade, WorkerReady } from './analyzer-worker.ts';

/** Runs a worker in this process, which the analyzer has forked: an analyzer whose connections are handed to it. */
export async function runWorker(config: AnalyzerConfig, index: number): Promise<AnalyzerApp> {
  const app = await createAnalyzerApp(
    config,
    undefined,
    createLog('analyzer', config.logLevel).child({ worker: index }),
    config.workers,
  );
  process.on('message', ({ request, head }: HandedUpgrade, socket: Socket | undefined) => {
    // The bridge may have gone while it was handed over.
    if (socket)
      app.upgrade(Object.assign(new IncomingMessage(socket), request), socket, Buffer.from(head, 'base64'));
  });
  // Nobody speaks for this worker any more.
  process.once('disconnect', () => void app.close().finally(() => process.exit()));
  process.send?.({ url: app.url } satisfies WorkerReady);
  return app;
}
