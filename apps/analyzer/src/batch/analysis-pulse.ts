import type { DashboardLink } from '../downlink/dashboard-link.ts';
import type { BridgeIngest } from '../ingest/bridge-ingest.ts';
import type { ModelDesk } from '../model/model-desk.ts';
import type { Roster } from '../session/roster.ts';

/** One step of the model is 40 ms of audio. */
const pulseMs = 40;
/** A beat that took longer has no time left for a candidate. */
const lateMs = 20;
/** How many beats a drain may take: what fills the longest queue. */
const maxDrainBeats = 16;

/** The rhythm of the analyzer: every 40 ms judge what waits, send the points, let the bridges send more, and in what time is left let a candidate judge. */
export class AnalysisPulse {
  /** Beats that were left out because the one before was still going on. */
  missed = 0;
  readonly #models: ModelDesk;
  readonly #roster: Roster;
  readonly #ingest: BridgeIngest;
  readonly #link: DashboardLink;
  #timer: NodeJS.Timeout | null = null;
  readonly #clockMs: () => number;
  readonly #publish = (): void => {
    this.#roster.publish();
    this.#link.flush();
  };
  #beating = false;
  #missedBefore = 0;

  constructor(
    models: ModelDesk,
    roster: Roster,
    ingest: BridgeIngest,
    link: DashboardLink,
    clockMs: () => number,
  ) {
    this.#clockMs = clockMs;
    this.#models = models;
    this.#roster = roster;
    this.#ingest = ingest;
    this.#link = link;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#beating) this.missed++;
      else void this.#beat();
    }, pulseMs);
  }

  /** Stops the rhythm and judges what still waits. Idempotent. */
  async drain(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (let beat = 0; beat < maxDrainBeats; beat++) {
      await this.#beat();
      if (this.#models.relay.backlog === 0) return;
    }
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    const startMs = this.#clockMs();
    const { relay } = this.#models;
    await relay.tick();
    this.#link.together(this.#publish);
    this.#ingest.relieve(relay.backlog > 0);
    const missed = this.missed - this.#missedBefore;
    this.#missedBefore = this.missed;
    await this.#models.tickShadow(missed > 0 || relay.backlog > 0 || this.#clockMs() - startMs > lateMs);
    this.#beating = false;
  }
}
