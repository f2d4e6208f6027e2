import { Metrics } from '@undertone/http';
import type { AnalyzerWorkers } from './analyzer-workers.ts';
import { mergeMetrics } from './merged-metrics.ts';

/** The metrics of all workers, each with its label, and of this process, which has the label `all`. */
export class WorkersMetrics extends Metrics {
  readonly #workers: AnalyzerWorkers;

  constructor(workers: AnalyzerWorkers) {
    super('analyzer');
    this.#workers = workers;
    const { all } = workers;
    this.gauge('workers', 'Workers configured', () => all.length);
    this.gauge('workers_ready', 'Workers running', () => all.filter(({ ready }) => ready).length);
    this.counter('worker_deaths_total', 'Workers that died', () =>
      all.reduce((sum, { deaths }) => sum + deaths, 0),
    );
  }

  override async read(): Promise<string> {
    const texts = await Promise.all(
      this.#workers.all.map(async (worker) => {
        const answer = await worker.ask('/metrics');
        return answer?.ok ? [{ worker: `${worker.index}`, text: await answer.text() }] : [];
      }),
    );
    return mergeMetrics([{ worker: 'all', text: await super.read() }, ...texts.flat()]);
  }
}
