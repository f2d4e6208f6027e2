import { type Health, type HealthReport, Problem } from '@undertone/http';
import type { LiveCalls } from './calls/live-calls.ts';
import type { BridgeConfig } from './config.ts';
import type { HostIngest } from './hosts/host-ingest.ts';
import type { AnalyzerLinks } from './link/analyzer-links.ts';
import type { WorkerPool } from './media/worker-pool.ts';

/** What the bridge says about itself. */
export class BridgeHealth implements Health {
  readonly #config: BridgeConfig;
  readonly #pool: WorkerPool;
  readonly #calls: LiveCalls;
  readonly #hosts: HostIngest;
  readonly #link: AnalyzerLinks;

  constructor(
    config: BridgeConfig,
    pool: WorkerPool,
    calls: LiveCalls,
    hosts: HostIngest,
    link: AnalyzerLinks,
  ) {
    this.#config = config;
    this.#pool = pool;
    this.#calls = calls;
    this.#hosts = hosts;
    this.#link = link;
  }

  report(): HealthReport {
    const whole = this.#pool.alive === this.#pool.size && this.#link.connected;
    return {
      status: whole ? 'ok' : 'degraded',
      name: 'sfu-bridge',
      details: {
        analyzerConnected: this.#link.connected,
        analyzerWorkers: { connected: this.#link.connectedWorkers, known: this.#link.workers },
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
  obstacle(): Problem | null {
    if (this.#pool.alive === 0)
      return new Problem(503, 'media-unavailable', 'no media worker is running; it is being started');
    if (!this.#link.connected)
      return new Problem(
        503,
        'analyzer-away',
        'the analyzer at ANALYZER_URL is not connected; it is being tried again',
      );
    return null;
  }
}
