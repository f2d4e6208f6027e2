import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { EmotionEngine } from '@undertone/models';
import { Registry } from 'prom-client';
import { ENGINE, MODEL, type ServedModel } from '../analyzer-parts.ts';
import { Batcher } from '../batch/batcher.ts';
import { DashboardLink } from '../downlink/dashboard-link.ts';
import { BridgeIngest } from '../ingest/bridge-ingest.ts';
import { Roster } from '../session/roster.ts';
import { Problem } from './problem-details.filter.ts';

/** So many failures in a row are no accident. */
const brokenAfterFailures = 5;

@Controller()
export class HealthController {
  readonly #engine: EmotionEngine;
  readonly #model: ServedModel;
  readonly #batcher: Batcher;
  readonly #roster: Roster;
  readonly #ingest: BridgeIngest;
  readonly #link: DashboardLink;
  readonly #metrics: Registry;

  constructor(
    @Inject(ENGINE) engine: EmotionEngine,
    @Inject(MODEL) model: ServedModel,
    @Inject(Batcher) batcher: Batcher,
    @Inject(Roster) roster: Roster,
    @Inject(BridgeIngest) ingest: BridgeIngest,
    @Inject(DashboardLink) link: DashboardLink,
    @Inject(Registry) metrics: Registry,
  ) {
    this.#engine = engine;
    this.#model = model;
    this.#batcher = batcher;
    this.#roster = roster;
    this.#ingest = ingest;
    this.#link = link;
    this.#metrics = metrics;
  }

  /** The process lives, and what it is made of. */
  @Get('health')
  health() {
    const { name, files } = this.#model.manifest;
    return {
      status: this.#broken ? 'degraded' : 'ok',
      name: 'analyzer',
      details: {
        engine: this.#engine.name,
        model: { name, sha256: files.weights.sha256 },
        bridges: this.#ingest.bridges,
        speakers: this.#roster.size,
        analysedSpeakers: this.#batcher.speakers,
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
        `the ${this.#engine.name} engine fails on every batch: see the log, then restart or choose another ANALYZER_ENGINE`,
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
    return this.#batcher.failuresInARow >= brokenAfterFailures;
  }
}
