import type { DashboardLink } from '../downlink/dashboard-link.ts';
import type { BridgeIngest } from '../ingest/bridge-ingest.ts';
import type { Roster } from '../session/roster.ts';
import type { Batcher } from './batcher.ts';

/** One step of the model is 40 ms of audio. */
const pulseMs = 40;
/** How many beats a drain may take: what fills the longest queue. */
const maxDrainBeats = 16;

/** The rhythm of the analyzer: every 40 ms judge what waits, send the points, and let the bridges send more. */
export class AnalysisPulse {
  /** Beats that were left out because the one before was still going on. */
  missed = 0;
  readonly #batcher: Batcher;
  readonly #roster: Roster;
  readonly #ingest: BridgeIngest;
  readonly #link: DashboardLink;
  #timer: NodeJS.Timeout | null = null;
  #beating = false;

  constructor(batcher: Batcher, roster: Roster, ingest: BridgeIngest, link: DashboardLink) {
    this.#batcher = batcher;
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
      if (this.#batcher.backlog === 0) return;
    }
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    await this.#batcher.tick();
    this.#roster.publish();
    this.#link.flush();
    this.#ingest.relieve(this.#batcher.backlog > 0);
    this.#beating = false;
  }
}
