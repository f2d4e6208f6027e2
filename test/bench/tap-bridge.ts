// Child process of tap.ts: a bridge without its HTTP interface and without an analyzer, as far as hosts need it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { LiveCalls } from '../../apps/sfu-bridge/src/calls/live-calls.ts';
import { HostIngest } from '../../apps/sfu-bridge/src/hosts/host-ingest.ts';
import { AnalyzerLinks } from '../../apps/sfu-bridge/src/link/analyzer-links.ts';
import { WorkerPool } from '../../apps/sfu-bridge/src/media/worker-pool.ts';
import { libopusWasm } from '../../apps/sfu-bridge/src/opus/libopus-wasm-decoder.ts';
import { AnalysisPolicy } from '../../apps/sfu-bridge/src/policy/analysis-policy.ts';
import { TapCounters } from '../../apps/sfu-bridge/src/tap/tap-counters.ts';
import { TapPulse } from '../../apps/sfu-bridge/src/tap/tap-pulse.ts';

const log = pino({ level: 'fatal' });
const listen = { host: '127.0.0.1', announcedAddress: null };
const counters = new TapCounters();
const pool = new WorkerPool({ ...listen, workers: 1, rtcPort: 0, log });
const link = new AnalyzerLinks({ url: 'ws://127.0.0.1:9/ingest', counters, log, keepLostMs: 0 });
const calls = new LiveCalls(
  pool,
  {
    policy: new AnalysisPolicy('customer-only'),
    link,
    tap: {
      clock: Date.now,
      counters,
      decoders: libopusWasm,
      playoutDelayMs: 80,
      maxPlayoutDelayMs: 240,
      ringFrames: 125,
    },
    log,
  },
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
new TapPulse(Date.now, (nowMs) => calls.tick(nowMs));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
process.once('disconnect', () => process.exit());
