import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BackOff } from '../downlink/back-off.ts';
import type { Log } from '../log.ts';

/** An upgrade as it is handed to a worker, with its socket. */
export interface HandedUpgrade {
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'httpVersion'>;
  /** Base64. */
  head: string;
}

/** What a worker says when it listens. */
export interface WorkerReady {
  url: string;
}

export interface AnalyzerWorkerOptions {
  /** The program, which is this one, with its arguments. */
  program: string;
  args: string[];
  execArgv: string[];
  /** Environment of the next start. */
  env: () => NodeJS.ProcessEnv;
  /** Called whenever it listens; `again` after its death. */
  onReady: (worker: AnalyzerWorker, again: boolean) => void;
  log: Log;
}

/** A worker that runs this long has recovered; its next death is followed by a short pause again. */
const steadyMs = 30_000;
/** A worker that was told to stop hands its points over first. */
const stopTimeoutMs = 6_000;
const answerTimeoutMs = 5_000;

/** One worker: a whole analyzer in a process of its own, started again when it dies. */
export class AnalyzerWorker {
  readonly index: number;
  /** Times that it died. */
  deaths = 0;
  readonly #options: AnalyzerWorkerOptions;
  readonly #backOff = new BackOff(Math.random);
  #child: ChildProcess | null = null;
  /** Where it answers HTTP on this machine; null while it does not listen. */
  #url: string | null = null;
  #retry: NodeJS.Timeout | null = null;
  /** A worker that never listened is not tried again: the reason is most likely a setting. */
  #proven = false;
  #restarting = false;
  #stopping = false;

  constructor(index: number, options: AnalyzerWorkerOptions) {
    this.index = index;
    this.#options = options;
  }

  get ready(): boolean {
    return this.#url !== null;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves when it listens. @throws Error if it ends before that */
  start(): Promise<void> {
    return this.#spawn(false);
  }

  /** Its answer to an HTTP request; null if there is none. */
  async ask(path: string, init: RequestInit = {}, timeoutMs = answerTimeoutMs): Promise<Response | null> {
    if (this.#url === null) return null;
    try {
      return await fetch(this.#url + path, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch {
      return null;
    }
  }

  /** Hands a connection over: from then on its bytes pass between bridge and worker alone. */
  take({ method, url, headers, httpVersion }: IncomingMessage, socket: Duplex, head: Buffer): void {
    const upgrade: HandedUpgrade = {
      request: { method, url, headers, httpVersion },
      head: head.toString('base64'),
    };
    this.#child?.send(upgrade, socket as Socket, (error) => {
      if (error) socket.destroy();
    });
  }

  /** Ends it in good order; it comes back with the environment of now. */
  restart(): void {
    this.#restarting = true;
    this.#url = null;
    this.#child?.kill('SIGTERM');
  }

  /** Ends it for good, when it has handed its points over. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#retry) clearTimeout(this.#retry);
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'exit');
    const impatient = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(impatient);
  }

  #spawn(again: boolean): Promise<void> {
    const { program, args, execArgv, env, onReady, log } = this.#options;
    const startedMs = performance.now();
    const child = fork(program, args, { execArgv, env: env() });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.once('message', (message) => {
        this.#url = (message as WorkerReady).url;
        this.#proven = true;
        resolve();
        onReady(this, again);
      });
      child.on('error', (error) => log.warn({ err: error, worker: this.index }, 'a worker failed'));
      child.once('exit', (code, signal) => {
        this.#url = null;
        this.#child = null;
        reject(
          new Error(
            `worker ${this.index} of the analyzer ended with ${signal ?? `code ${code}`} before it was ready`,
          ),
        );
        if (this.#stopping || !this.#proven) return;
        const asked = this.#restarting;
        this.#restarting = false;
        if (!asked) this.deaths++;
        if (asked || performance.now() - startedMs >= steadyMs) this.#backOff.reset();
        const waitMs = this.#backOff.next();
        log.warn(
          { worker: this.index, outcome: signal ?? code, retryInMs: Math.round(waitMs) },
          'a worker ended; it is started again',
        );
        this.#retry = setTimeout(() => this.#spawn(true).catch(() => {}), waitMs);
      });
    });
  }
}
