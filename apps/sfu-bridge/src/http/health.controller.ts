import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { LiveCalls } from '../calls/live-calls.ts';
import { BRIDGE_CONFIG, type BridgeConfig } from '../config.ts';
import { HostIngest } from '../hosts/host-ingest.ts';
import { AnalyzerLink } from '../link/analyzer-link.ts';
import { WorkerPool } from '../media/worker-pool.ts';
import { Problem } from './problem-details.filter.ts';

@Controller()
export class HealthController {
  readonly #config: BridgeConfig;
  readonly #pool: WorkerPool;
  readonly #calls: LiveCalls;
  readonly #hosts: HostIngest;
  readonly #link: AnalyzerLink;
  readonly #metrics: Registry;

  constructor(
    @Inject(BRIDGE_CONFIG) config: BridgeConfig,
    @Inject(WorkerPool) pool: WorkerPool,
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(HostIngest) hosts: HostIngest,
    @Inject(AnalyzerLink) link: AnalyzerLink,
    @Inject(Registry) metrics: Registry,
  ) {
    this.#config = config;
    this.#pool = pool;
    this.#calls = calls;
    this.#hosts = hosts;
    this.#link = link;
    this.#metrics = metrics;
  }

  /** The process lives; `degraded` if something that it needs is missing for now. */
  @Get('health')
  health() {
    const whole = this.#pool.alive === this.#pool.size && this.#link.connected;
    return {
      status: whole ? 'ok' : 'degraded',
      name: 'sfu-bridge',
      details: {
        analyzerConnected: this.#link.connected,
        mediaWorkers: { running: this.#pool.alive, configured: this.#pool.size },
        calls: this.#calls.size,
        speakers: this.#calls.speakers,
        hosts: this.#hosts.hosts,
        tappedSpeakers: this.#calls.tappedSpeakers,
        analysisProfile: this.#config.profile,
        speechDecoder: this.#config.decoder,
      },
    };
  }

  /** Calls can be joined. Without analyzer they can, too: their audio waits, and is dropped when it is old. */
  @Get('ready')
  ready() {
    if (this.#pool.alive === 0)
      throw new Problem(503, 'media-unavailable', 'no media worker is running; it is being started');
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }
}
