import { type Health, type HealthReport, Problem } from '@undertone/http';
import type { LiveCalls } from './calls/live-calls.ts';
import type { HistoryRecorder } from './history/history-recorder.ts';
import type { WebPage } from './http/web-page.ts';
import type { AnalyzerIngest } from './ingest/analyzer-ingest.ts';

/** What the dashboard says about itself. */
export class DashboardHealth implements Health {
  readonly #calls: LiveCalls;
  readonly #ingest: AnalyzerIngest;
  readonly #recorder: HistoryRecorder;
  readonly #page: WebPage;

  constructor(calls: LiveCalls, ingest: AnalyzerIngest, recorder: HistoryRecorder, page: WebPage) {
    this.#calls = calls;
    this.#ingest = ingest;
    this.#recorder = recorder;
    this.#page = page;
  }

  report(): HealthReport {
    const whole = this.#ingest.connected && this.#page.built && this.#recorder.failure === null;
    return {
      status: whole ? 'ok' : 'degraded',
      name: 'dashboard',
      details: {
        analyzerConnected: this.#ingest.connected,
        liveCalls: this.#calls.live().length,
        history: this.#recorder.failure ?? 'kept',
        webPage: this.#page.built ? 'built' : 'missing',
      },
    };
  }

  /** There is a page to show; analyzers may come and go. */
  obstacle(): Problem | null {
    return this.#page.built ? null : new Problem(503, 'web-page-missing', this.#page.howToBuild);
  }
}
