import { join } from 'node:path';
import { createLog, createWebApp, Metrics } from '@undertone/http';
import type { Logger } from 'pino';
import { bridgeModule } from './bridge.module.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { PlainSpeakers } from './calls/plain-speakers.ts';
import type { Clock } from './clock.ts';
import type { BridgeConfig } from './config.ts';
import { HostIngest } from './hosts/host-ingest.ts';
import { callProblem } from './http/call-problem.ts';
import { AnalyzerLinks } from './link/analyzer-links.ts';
import { WorkerPool } from './media/worker-pool.ts';
import { SignallingAdapter } from './signalling/signalling.adapter.ts';
import { TapPulse } from './tap/tap-pulse.ts';

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
  const link = app.get(AnalyzerLinks);
  const plainSpeakers = app.get(PlainSpeakers);
  const hosts = app.get(HostIngest);
  const metrics = app.get(Metrics);
  const tickSeconds = metrics.histogram(
    'tick_seconds',
    'Duration of one tick of the taps, every 20 ms: losses and silence told, frames sent',
    [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16],
  );
  const pulse = new TapPulse(clock, (nowMs) => {
    const startMs = performance.now();
    calls.tick(nowMs);
    link.sendFrames();
    tickSeconds.observe((performance.now() - startMs) / 1_000);
  });
  metrics.gauge('tick_behind_seconds', 'How far the taps are behind the clock', () => pulse.behindMs / 1_000);
  const idleCheck = setInterval(
    () => void plainSpeakers.removeIdle(clock()),
    config.idlePlainSpeakerMs / idleChecks,
  );

  let closing: Promise<void> | null = null;
  const end = async () => {
    pulse.close();
    clearInterval(idleCheck);
    const hostsGone = hosts.close();
    calls.close();
    await link.close();
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
