import { type Health, type HealthReport, Problem } from '@undertone/http';
import type { DashboardLink } from './downlink/dashboard-link.ts';
import { describeModel, describeShadow } from './http/model-description.ts';
import type { BridgeIngest } from './ingest/bridge-ingest.ts';
import type { ModelDesk } from './model/model-desk.ts';
import type { Roster } from './session/roster.ts';

/** So many failures in a row are no accident. */
const brokenAfterFailures = 5;

/** What the analyzer says about itself. It listens only once a model is loaded and has run. */
export class AnalyzerHealth implements Health {
  readonly #models: ModelDesk;
  readonly #roster: Roster;
  readonly #ingest: BridgeIngest;
  readonly #link: DashboardLink;

  constructor(models: ModelDesk, roster: Roster, ingest: BridgeIngest, link: DashboardLink) {
    this.#models = models;
    this.#roster = roster;
    this.#ingest = ingest;
    this.#link = link;
  }

  report(): HealthReport {
    const { relay, drift, shadow } = this.#models;
    return {
      status: this.#broken || this.#link.state !== 'connected' ? 'degraded' : 'ok',
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

  obstacle(): Problem | null {
    if (this.#broken)
      return new Problem(
        503,
        'engine-failing',
        `the ${this.#models.relay.engine.name} engine fails on every batch: see the log, then restart or choose another ANALYZER_ENGINE`,
      );
    if (this.#link.state !== 'connected')
      return new Problem(
        503,
        'dashboard-away',
        'the dashboard at DASHBOARD_URL is not connected; it is being tried again',
      );
    return null;
  }

  get #broken(): boolean {
    return this.#models.relay.failuresInARow >= brokenAfterFailures;
  }
}
