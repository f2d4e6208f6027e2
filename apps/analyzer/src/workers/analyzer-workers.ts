import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, refuseUpgrade } from '@undertone/http';
import type { AnalyzerConfig } from '../config.ts';
import { ingestPath } from '../ingest/bridge-ingest.ts';
import type { Log } from '../log.ts';
import { modelFolderBelow } from '../model/model-folder.ts';
import { AnalyzerWorker } from './analyzer-worker.ts';

/** A change of the model as it was asked for. */
interface ModelRequest {
  folder: string;
  precision?: string;
}

/** Everyone is handed over between two steps; on busy machines with many speakers that takes its time. */
const changeTimeoutMs = 120_000;

/** All workers of this analyzer: who takes which connection, and which model they all have. */
export class AnalyzerWorkers {
  readonly all: readonly AnalyzerWorker[];
  readonly #config: AnalyzerConfig;
  readonly #log: Log;
  /** In place of the environment's, once it was changed. */
  #model: Record<string, string> = {};
  #shadow: string | null = null;
  #changing = false;

  constructor(config: AnalyzerConfig, log: Log) {
    this.#config = config;
    this.#log = log;
    this.all = Array.from(
      { length: config.workers },
      (_, index) =>
        new AnalyzerWorker(index, {
          program: process.argv[1]!,
          args: [`--worker=${index}`],
          execArgv: process.execArgv,
          env: () => this.#environment(),
          onReady: (worker, again) => void this.#bringInLine(worker, again),
          log,
        }),
    );
  }

  /** @throws Error if a worker can't be started */
  async start(): Promise<void> {
    try {
      await Promise.all(this.all.map((worker) => worker.start()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Resolves when all have handed their points over. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((worker) => worker.stop()));
  }

  /** Hands a bridge's connection to the worker it is for. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const worker = this.all[Number(searchParams.get('worker') ?? 0)];
    if (pathname !== ingestPath || !worker) {
      const detail = `connect to ${ingestPath}?worker=0 … ${this.all.length - 1}`;
      refuseUpgrade(socket, { status: '404 Not Found', code: 'not-found', detail });
    } else if (!worker.ready) {
      const detail = 'this worker is being started; try again in a moment';
      refuseUpgrade(socket, { status: '503 Service Unavailable', code: 'worker-away', detail });
    } else worker.take(request, socket, head);
  }

  /**
   * Changes the model of all, or lets a candidate listen along at all. The first worker tries it: if it refuses, nothing has
   * changed anywhere. One that can't follow is started again with the new model.
   * @returns the first worker's answer
   * @throws Problem
   */
  async change(path: '/model' | '/model/shadow', request: ModelRequest): Promise<object> {
    const [first, ...others] = this.all.filter((worker) => worker.ready);
    if (!first) throw new Problem(503, 'worker-away', 'no worker is running; try again in a moment');
    if (this.#changing)
      throw new Problem(
        409,
        'model-change-in-progress',
        'a model is being changed: try again when that is done',
      );
    this.#changing = true;
    try {
      const body = JSON.stringify(request);
      const answer = await this.#post(first, path, body);
      if (!answer)
        throw new Problem(503, 'worker-away', 'the worker that tried it did not answer; try again');
      const value = (await answer.json()) as { code?: string; detail?: string };
      if (!answer.ok) throw new Problem(answer.status, value.code ?? 'model-unusable', value.detail ?? '');
      if (path === '/model') await this.#serve(request);
      else this.#shadow = body;
      await Promise.all(others.map((worker) => this.#follow(worker, path, body)));
      return value;
    } finally {
      this.#changing = false;
    }
  }

  async stopShadow(): Promise<void> {
    this.#shadow = null;
    const init = { method: 'DELETE', headers: this.#authorization() };
    await Promise.all(this.all.map((worker) => worker.ask('/model/shadow', init)));
  }

  async #follow(worker: AnalyzerWorker, path: string, body: string): Promise<void> {
    const answer = await this.#post(worker, path, body);
    if (answer?.ok) return;
    this.#log.warn(
      { worker: worker.index, path },
      'a worker could not follow a change of the model; it is started again',
    );
    worker.restart();
  }

  /** From now on workers start with this model. */
  async #serve({ folder, precision }: ModelRequest): Promise<void> {
    const real = await modelFolderBelow(this.#config.modelRoot, folder);
    if (real !== null) this.#model.MODEL_FOLDER = real;
    if (precision !== undefined) this.#model.ANALYZER_PRECISION = precision;
    this.#shadow = null;
  }

  /** A worker that comes back has the model of the others, and their candidate. */
  async #bringInLine(worker: AnalyzerWorker, again: boolean): Promise<void> {
    if (again && this.#shadow !== null) await this.#post(worker, '/model/shadow', this.#shadow);
  }

  #post(worker: AnalyzerWorker, path: string, body: string): Promise<Response | null> {
    const headers = { 'content-type': 'application/json', ...this.#authorization() };
    return worker.ask(path, { method: 'POST', headers, body }, changeTimeoutMs);
  }

  #authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.#config.adminToken}` };
  }

  /** Workers listen on this machine alone, wherever there is room. */
  #environment(): NodeJS.ProcessEnv {
    const { modelRoot } = this.#config;
    return { ...process.env, MODEL_ROOT: modelRoot, ...this.#model, HOST: '127.0.0.1', ANALYZER_PORT: '0' };
  }
}
