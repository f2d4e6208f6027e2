import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Speaker } from '@undertone/wire';
import type { Logger } from 'pino';
import type { Desk } from './desk.ts';
import type { DeskConfig } from './desk-setup.ts';
import type { DeskStatus } from './desk-status.ts';
import type { RtpFormat } from './opus-stream.ts';

/** `id` 0 wants no answer. */
export interface DeskQuestion {
  id: number;
  method: keyof Desk | 'status';
  args: unknown[];
}
export type DeskAnswer = { id: number } & (
  | { value: unknown }
  | { error: { message: string; code?: string } }
);

/** A line for the log: an object and a text, or a text. */
export interface DeskLine {
  level: 'debug' | 'info' | 'warn';
  line: unknown[];
}

type DeskLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** What did not work at a desk, as it said. */
class DeskError extends Error {
  readonly code: string | undefined;

  constructor({ message, code }: { message: string; code?: string }) {
    super(message);
    this.name = 'DeskError';
    this.code = code;
  }
}

/** Beside this file, compiled or not. */
const workerFile = new URL(`./desk-worker${extname(import.meta.url)}`, import.meta.url);
/** One that dies within this time is not replaced before it is over. */
const shortLifeMs = 2_000;
const closeTimeoutMs = 2_000;

/**
 * A desk in a thread of its own. One that dies is replaced by an empty one, and whoever was listened to there is told through
 * `onLost`.
 */
export class DeskThread implements Desk {
  readonly #index: number;
  readonly #config: DeskConfig;
  readonly #onLost: (desk: DeskThread) => void;
  readonly #log: DeskLog;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | null = null;
  #retry: NodeJS.Timeout | null = null;
  #lastId = 0;
  #closed = false;

  constructor(index: number, config: DeskConfig, onLost: (desk: DeskThread) => void, log: DeskLog) {
    this.#index = index;
    this.#config = config;
    this.#onLost = onLost;
    this.#log = log;
    this.#start();
  }

  join(stream: number, speaker: Speaker): void {
    this.#tell('join', stream, speaker);
  }

  async update(stream: number, speaker: Speaker): Promise<void> {
    await this.#ask('update', stream, speaker);
  }

  lose(stream: number): void {
    this.#tell('lose', stream);
  }

  leave(stream: number): void {
    this.#tell('leave', stream);
  }

  async listen(stream: number, socket: number, ssrc: number, format: RtpFormat): Promise<void> {
    await this.#ask('listen', stream, socket, ssrc, format);
  }

  resume(stream: number): void {
    this.#tell('resume', stream);
  }

  stop(stream: number): void {
    this.#tell('stop', stream);
  }

  async openSocket(socket: number): Promise<number> {
    return (await this.#ask('openSocket', socket)) as number;
  }

  async connectSocket(socket: number, port: number): Promise<void> {
    await this.#ask('connectSocket', socket, port);
  }

  closeSocket(socket: number): void {
    this.#tell('closeSocket', socket);
  }

  /** null while there is no thread. */
  async status(): Promise<DeskStatus | null> {
    return (await this.#ask('status').catch(() => null)) as DeskStatus | null;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    const worker = this.#worker;
    if (!worker) return;
    const impatient = setTimeout(() => void worker.terminate(), closeTimeoutMs);
    await this.#ask('close').catch(() => {});
    clearTimeout(impatient);
  }

  #start(): void {
    const startedMs = performance.now();
    const worker = new Worker(workerFile, { workerData: this.#config });
    this.#worker = worker;
    worker.on('message', (answer: DeskAnswer | DeskLine) => {
      if ('level' in answer) {
        const [fields, text] = answer.line.length === 1 ? [{}, answer.line[0]] : answer.line;
        this.#log[answer.level]({ ...(fields as object), desk: this.#index }, text as string);
        return;
      }
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(new DeskError(answer.error));
      else waiting?.resolve(answer.value);
    });
    worker.on('error', (error) =>
      this.#log.error(
        { err: error, desk: this.#index },
        'a desk died; its calls are lost, a new one is started',
      ),
    );
    worker.once('exit', () => this.#ended(performance.now() - startedMs));
  }

  #ended(livedMs: number): void {
    this.#worker = null;
    const gone = new DeskError({ message: 'the thread that listens has ended', code: 'desk-lost' });
    for (const { reject } of this.#waiting.values()) reject(gone);
    this.#waiting.clear();
    if (this.#closed) return;
    if (livedMs >= shortLifeMs) this.#start();
    else this.#retry = setTimeout(() => this.#start(), shortLifeMs - livedMs);
    this.#onLost(this);
  }

  #tell(method: DeskQuestion['method'], ...args: unknown[]): void {
    this.#worker?.postMessage({ id: 0, method, args } satisfies DeskQuestion);
  }

  #ask(method: DeskQuestion['method'], ...args: unknown[]): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    if (!this.#worker) {
      waiting.reject(
        new DeskError({ message: 'the thread that listens is being started', code: 'desk-lost' }),
      );
      return waiting.promise;
    }
    const id = ++this.#lastId;
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, method, args } satisfies DeskQuestion);
    return waiting.promise;
  }
}
