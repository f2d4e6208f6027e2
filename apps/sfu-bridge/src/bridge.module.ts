import { type DynamicModule, Module } from '@nestjs/common';
import { HEALTH, Metrics } from '@undertone/http';
import type { Logger } from 'pino';
import { BridgeHealth } from './bridge-health.ts';
import { bridgeMetrics } from './bridge-metrics.ts';
import { CallsController } from './calls/calls.controller.ts';
import { LiveCalls } from './calls/live-calls.ts';
import { PlainSpeakers } from './calls/plain-speakers.ts';
import { CLOCK, type Clock } from './clock.ts';
import { BRIDGE_CONFIG, type BridgeConfig } from './config.ts';
import { HostIngest } from './hosts/host-ingest.ts';
import { JoinPageController } from './http/join-page.controller.ts';
import { JoinPage } from './http/join-page.ts';
import { WorkerPool } from './media/worker-pool.ts';
import { AnalysisPolicy } from './policy/analysis-policy.ts';
import { SignallingGateway } from './signalling/signalling.gateway.ts';
import { TapDesks } from './tap/tap-desks.ts';

/** A tap has at most 64 requests under way, of less than a kilobyte each. */
const hostLimits = {
  maxPendingRequests: 256,
  maxRefusals: 100,
  maxMessageBytes: 16 * 1_024,
  silenceMs: 5_000,
};

@Module({})
class BridgeModule {}

/** Ties the parts together; they are plain classes and know nothing of Nest. */
export function bridgeModule(config: BridgeConfig, clock: Clock, log: Logger): DynamicModule {
  return {
    module: BridgeModule,
    controllers: [CallsController, JoinPageController],
    providers: [
      { provide: BRIDGE_CONFIG, useValue: config },
      { provide: CLOCK, useValue: clock },
      {
        provide: WorkerPool,
        useFactory: () => new WorkerPool({ ...config, workers: config.mediaWorkers, log }),
      },
      {
        provide: TapDesks,
        useFactory: () => new TapDesks({ desks: config.workers, config, clock, log }),
      },
      {
        provide: LiveCalls,
        inject: [WorkerPool, TapDesks],
        useFactory: (pool: WorkerPool, desks: TapDesks) =>
          new LiveCalls(pool, { policy: new AnalysisPolicy(config.profile), desks, clock, log }, config),
      },
      {
        provide: PlainSpeakers,
        inject: [LiveCalls],
        useFactory: (calls: LiveCalls) =>
          new PlainSpeakers(calls, { ...config, idleMs: config.idlePlainSpeakerMs }),
      },
      {
        provide: HostIngest,
        inject: [LiveCalls],
        useFactory: (calls: LiveCalls) =>
          new HostIngest(
            calls,
            clock,
            {
              ...hostLimits,
              token: config.tapToken,
              listen: {
                host: config.host,
                announcedAddress: config.announcedAddress,
                portRange: config.tapPorts,
              },
              maxConnections: config.maxTaps,
              keepOrphansMs: config.keepOrphansMs,
            },
            log,
          ),
      },
      {
        provide: Metrics,
        inject: [CLOCK, TapDesks, WorkerPool, LiveCalls, PlainSpeakers, HostIngest],
        useFactory: bridgeMetrics,
      },
      {
        provide: HEALTH,
        inject: [WorkerPool, LiveCalls, HostIngest, TapDesks],
        useFactory: (pool: WorkerPool, calls: LiveCalls, hosts: HostIngest, desks: TapDesks) =>
          new BridgeHealth(config, pool, calls, hosts, desks),
      },
      { provide: JoinPage, useFactory: () => new JoinPage(config.webFolder) },
      SignallingGateway,
    ],
  };
}
