import { join } from 'node:path';
import { createLog, createWebApp } from '@undertone/http';
import type { Logger } from 'pino';
import { bridgeModule } from './bridge.module.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { PlainSpeakers } from './calls/plain-speakers.ts';
import type { Clock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import { HostIngest } from './hosts/host-ingest.ts';
import { callProblem } from './http/call-problem.ts';
import { WorkerPool } from './media/worker-pool.ts';
import { SignallingAdapter } from './signalling/signalling.adapter.ts';
import { TapDesks } from './tap/tap-desks.ts';

export interface BridgeApp {
  /** Where the bridge listens, with the port that was really taken. */
  url: string;
  /** Ends all calls and stops the media workers. Idempotent. */
  close(): Promise<void>;
}

/** Checks for idle plain speakers within the time after which they are removed. */
const idleChecks = 6;

/**
 * Starts the bridge; resolves when it listens. `clock` times audio and idleness.
 * @throws Error if a media worker can't be started or the port is taken
 */
export async function createBridgeApp(
  config: BridgeConfig,
  clock: Clock = Date.now,
  log: Logger = createLog('sfu-bridge', config.logLevel),
): Promise<BridgeApp> {
  const app = await createWebApp('bridge', bridgeModule(config, clock, log), log, callProblem);
  app.useWebSocketAdapter(new SignallingAdapter(app, config.allowedOrigins));
  // Vite puts a hash of the content into the names of its assets, so that they never change.
  app.useStaticAssets(join(config.webFolder, 'assets'), {
    prefix: '/join/assets',
    immutable: true,
    maxAge: '1y',
  });
  app.useStaticAssets(config.webFolder, { prefix: '/join', index: false, redirect: false });

  const pool = app.get(WorkerPool);
  const calls = app.get(LiveCalls);
  const desks = app.get(TapDesks);
  const plainSpeakers = app.get(PlainSpeakers);
  const hosts = app.get(HostIngest);
  const idleCheck = setInterval(
    () => void plainSpeakers.removeIdle(clock()),
    config.idlePlainSpeakerMs / idleChecks,
  );

  let closing: Promise<void> | null = null;
  const end = async () => {
    clearInterval(idleCheck);
    const hostsGone = hosts.close();
    calls.close();
    await desks.close();
    pool.close();
    await hostsGone;
    await app.close();
  };
  const close = () => {
    closing ??= end();
    return closing;
  };
  try {
    await pool.start();
    hosts.attach(app.getHttpServer());
    await app.listen(config.port, config.host);
    return { url: await app.getUrl(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
