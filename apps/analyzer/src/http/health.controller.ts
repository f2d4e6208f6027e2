import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DashboardLink } from '../downlink/dashboard-link.ts';
import { BridgeIngest } from '../ingest/bridge-ingest.ts';
import { ModelDesk } from '../model/model-desk.ts';
import { Roster } from '../session/roster.ts';
import { describeModel, describeShadow } from './model-description.ts';
import { Problem } from './problem-details.filter.ts';

/** So many failures in a row are no accident. */
const brokenAfterFailures = 5;

@Controller()
export class HealthController {
  readonly #models: ModelDesk;
  readonly #roster: Roster;
  readonly #ingest: BridgeIngest;
  readonly #link: DashboardLink;
  readonly #metrics: Registry;

  constructor(
    @Inject(ModelDesk) models: ModelDesk,
    @Inject(Roster) roster: Roster,
    @Inject(BridgeIngest) ingest: BridgeIngest,
    @Inject(DashboardLink) link: DashboardLink,
    @Inject(Registry) metrics: Registry,
  ) {
    this.#models = models;
    this.#roster = roster;
    this.#ingest = ingest;
    this.#link = link;
    this.#metrics = metrics;
  }

  /** The process lives, and what it is made of. */
  @Get('health')
  health() {
    const { relay, drift, shadow } = this.#models;
    return {
      status: this.#broken ? 'degraded' : 'ok',
      name: 'analyzer',
      details: {
        engine: relay.engine.name,
        model: describeModel(relay),
        shadow: describeShadow(shadow),
        drift: drift.read(),
        bridges: this.#ingest.bridges,
        speakers: this.#roster.size,
        analysedSpeakers: relay.speakers,
        dashboard: this.#link.state,
      },
    };
  }

  /** Audio that arrives is judged. Bridges and dashboards may come and go. */
  @Get('ready')
  ready() {
    if (this.#broken) {
      throw new Problem(
        503,
        'engine-failing',
        `the ${this.#models.relay.engine.name} engine fails on every batch: see the log, then restart or choose another ANALYZER_ENGINE`,
      );
    }
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }

  get #broken(): boolean {
    return this.#models.relay.failuresInARow >= brokenAfterFailures;
  }
}
