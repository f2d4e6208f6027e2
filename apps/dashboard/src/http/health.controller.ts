import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { LiveCalls } from '../calls/live-calls.ts';
import { AnalyzerIngest } from '../ingest/analyzer-ingest.ts';
import { Problem } from './problem-details.filter.ts';
import { WebPage } from './web-page.ts';

@Controller()
export class HealthController {
  readonly #calls: LiveCalls;
  readonly #ingest: AnalyzerIngest;
  readonly #page: WebPage;
  readonly #metrics: Registry;

  constructor(
    @Inject(LiveCalls) calls: LiveCalls,
    @Inject(AnalyzerIngest) ingest: AnalyzerIngest,
    @Inject(WebPage) page: WebPage,
    @Inject(Registry) metrics: Registry,
  ) {
    this.#calls = calls;
    this.#ingest = ingest;
    this.#page = page;
    this.#metrics = metrics;
  }

  /** The process lives. */
  @Get('health')
  health() {
    return {
      status: 'ok',
      name: 'dashboard',
      details: {
        analyzerConnected: this.#ingest.connected,
        liveCalls: this.#calls.live().length,
        webPage: this.#page.built ? 'built' : 'missing',
      },
    };
  }

  /** The dashboard can be used: there is a page to show. Calls may come and analyzers go. */
  @Get('ready')
  ready() {
    if (!this.#page.built) throw new Problem(503, 'web-page-missing', this.#page.howToBuild);
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }
}
