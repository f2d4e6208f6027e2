// Child process of tap.ts: a bridge without its HTTP interface and without an analyzer, as far as hosts need it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { LiveCalls } from '../../apps/sfu-bridge/src/calls/live-calls.ts';
import { HostIngest } from '../../apps/sfu-bridge/src/hosts/host-ingest.ts';
import { WorkerPool } from '../../apps/sfu-bridge/src/media/worker-pool.ts';
import { AnalysisPolicy } from '../../apps/sfu-bridge/src/policy/analysis-policy.ts';
import { TapDesks } from '../../apps/sfu-bridge/src/tap/tap-desks.ts';

const log = pino({ level: 'fatal' });
const listen = { host: '127.0.0.1', announcedAddress: null };
const pool = new WorkerPool({ ...listen, workers: 1, rtcPort: 0, log });
const desks = new TapDesks({
  desks: 1,
  config: {
    analyzerUrl: 'ws://127.0.0.1:9/ingest',
    decoder: 'libopus-wasm',
    playoutDelayMs: 80,
    maxPlayoutDelayMs: 240,
    ringSeconds: 5,
    keepOrphansMs: 10_000,
  },
  clock: Date.now,
  log,
});
const calls = new LiveCalls(
  pool,
  { policy: new AnalysisPolicy('customer-only'), desks, clock: Date.now, log },
  { maxCalls: 1_000, maxSpeakersPerCall: 32 },
);
const hosts = new HostIngest(
  calls,
  Date.now,
  {
    token: process.env.TAP_TOKEN ?? null,
    listen: { ...listen, portRange: null },
    maxConnections: 1,
    maxMessageBytes: 16_384,
    maxPendingRequests: 256,
    maxRefusals: 100,
    silenceMs: 5_000,
    keepOrphansMs: 10_000,
  },
  log,
);
const server = createServer();
await pool.start();
hosts.attach(server);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
process.once('disconnect', () => process.exit());
