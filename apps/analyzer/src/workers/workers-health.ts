import { type Health, type HealthReport, Problem } from '@undertone/http';
import type { AnalyzerWorker } from './analyzer-worker.ts';
import type { AnalyzerWorkers } from './analyzer-workers.ts';

interface WorkerDetails {
  engine: string;
  model: object;
  shadow: object | null;
  drift: object;
  bridges: number;
  speakers: number;
  analysedSpeakers: number;
  dashboard: string;
}

/** What an analyzer of several workers says about itself: the sums, and what each worker says. */
export class WorkersHealth implements Health {
  readonly #workers: AnalyzerWorkers;

  constructor(workers: AnalyzerWorkers) {
    this.#workers = workers;
  }

  async report(): Promise<HealthReport> {
    const { all } = this.#workers;
    const reports = await Promise.all(all.map(reportOf));
    const heard = reports.flatMap((report) => (report ? [report.details] : []));
    const sum = (count: 'speakers' | 'analysedSpeakers') => heard.reduce((n, each) => n + each[count], 0);
    const { engine, model, shadow, drift } = heard[0] ?? {};
    const whole = reports.every((report) => report?.status === 'ok');
    return {
      status: whole ? 'ok' : 'degraded',
      name: 'analyzer',
      details: {
        engine: engine ?? null,
        model: model ?? null,
        shadow: shadow ?? null,
        drift: drift ?? null,
        bridges: Math.max(0, ...heard.map(({ bridges }) => bridges)),
        speakers: sum('speakers'),
        analysedSpeakers: sum('analysedSpeakers'),
        dashboard:
          heard.length > 0 && heard.every((each) => each.dashboard === 'connected')
            ? 'connected'
            : 'connecting',
        workers: { running: heard.length, configured: all.length },
        each: all.map(({ index, pid, deaths }, i) => ({
          worker: index,
          pid,
          deaths,
          ...reports[i]?.details,
        })),
      },
    };
  }

  async obstacle(): Promise<Problem | null> {
    const obstacles = await Promise.all(this.#workers.all.map(obstacleOf));
    return obstacles.find((each) => each !== null) ?? null;
  }
}

async function reportOf(worker: AnalyzerWorker): Promise<(HealthReport & { details: WorkerDetails }) | null> {
  const answer = await worker.ask('/health');
  return answer?.ok ? ((await answer.json()) as HealthReport & { details: WorkerDetails }) : null;
}

async function obstacleOf(worker: AnalyzerWorker): Promise<Problem | null> {
  const answer = await worker.ask('/ready');
  if (answer?.ok) return null;
  if (!answer)
    return new Problem(503, 'worker-away', `worker ${worker.index} is being started; try again in a moment`);
  const { code, detail } = (await answer.json()) as { code: string; detail: string };
  return new Problem(503, code, detail);
}
