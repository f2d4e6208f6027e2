import { type Health, type HealthReport, Problem } from '@undertone/http';
import type { LiveCalls } from './calls/live-calls.ts';
import type { BridgeConfig } from './config.ts';
import type { HostIngest } from './hosts/host-ingest.ts';
import type { WorkerPool } from './media/worker-pool.ts';
import type { TapDesks } from './tap/tap-desks.ts';

/** What the bridge says about itself. */
export class BridgeHealth implements Health {
  readonly #config: BridgeConfig;
  readonly #pool: WorkerPool;
  readonly #calls: LiveCalls;
  readonly #hosts: HostIngest;
  readonly #desks: TapDesks;

  constructor(config: BridgeConfig, pool: WorkerPool, calls: LiveCalls, hosts: HostIngest, desks: TapDesks) {
    this.#config = config;
    this.#pool = pool;
    this.#calls = calls;
    this.#hosts = hosts;
    this.#desks = desks;
  }

  async report(): Promise<HealthReport> {
    await this.#desks.refresh();
    const { link } = this.#desks;
    const whole = this.#pool.alive === this.#pool.size && link.connected;
    return {
      status: whole ? 'ok' : 'degraded',
      name: 'sfu-bridge',
      details: {
        analyzerConnected: link.connected,
        analyzerWorkers: { connected: link.connectedWorkers, known: link.workers },
        desks: this.#desks.size,
        mediaWorkers: { running: this.#pool.alive, configured: this.#pool.size, pids: this.#pool.pids },
        calls: this.#calls.size,
        speakers: this.#calls.speakers,
        hosts: this.#hosts.hosts,
        tappedSpeakers: this.#calls.tappedSpeakers,
        analysisProfile: this.#config.profile,
        speechDecoder: this.#config.decoder,
      },
    };
  }

  /** Without analyzer calls go on and can be joined: their audio waits, and is dropped when it is old. */
  async obstacle(): Promise<Problem | null> {
    if (this.#pool.alive === 0)
      return new Problem(503, 'media-unavailable', 'no media worker is running; it is being started');
    await this.#desks.refresh();
    if (!this.#desks.link.connected)
      return new Problem(
        503,
        'analyzer-away',
        'the analyzer at ANALYZER_URL is not connected; it is being tried again',
      );
    return null;
  }
}
