import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  Alert,
  AlertPage,
  CallRecord,
  CallRecordPage,
  CallReport,
  PointPage,
  WebhookDelivery,
} from '@undertone/wire';
import {
  type AlertQuery,
  type CallQuery,
  type HistoryBatch,
  HistoryError,
  type HistoryStore,
  type PointQuery,
  type PurgeReport,
  type RecentCall,
} from './history-store.ts';
import type { HistoryAnswer, HistoryRequest, HistoryTask } from './history-worker.ts';

/** Requests that wait at once; further reads are refused. */
const maxWaiting = 256;

/** Beside this file, compiled or not. */
const workerFile = new URL(`./history-worker${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/**
 * The history in SQLite, in a thread of its own: `node:sqlite` blocks while the disk works, and the sockets must not
 * wait for that. A thread that died is started anew with the next request.
 */
export class HistoryThread implements HistoryStore {
  readonly #file: string;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #nextId = 1;
  #closing: Promise<void> | null = null;

  private constructor(file: string, timeoutMs: number) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Opens the file, or makes it; `:memory:` keeps nothing on disk.
   * @param timeoutMs how long a request may take
   * @throws HistoryError `history-failed` that says what is wrong with it
   */
  static async open(file: string, timeoutMs = 30_000): Promise<HistoryThread> {
    const thread = new HistoryThread(file, timeoutMs);
    try {
      await thread.#start();
    } catch (error) {
      await thread.#worker?.terminate();
      throw error;
    }
    return thread;
  }

  write(batch: HistoryBatch): Promise<void> {
    return this.#ask({ task: 'write', batch });
  }

  calls(query: CallQuery): Promise<CallRecordPage> {
    return this.#ask({ task: 'calls', query });
  }

  call(recordId: string): Promise<CallRecord | null> {
    return this.#ask({ task: 'call', recordId });
  }

  points(query: PointQuery): Promise<PointPage> {
    return this.#ask({ task: 'points', query });
  }

  alerts(query: AlertQuery): Promise<AlertPage> {
    return this.#ask({ task: 'alerts', query });
  }

  alert(alertId: string): Promise<Alert | null> {
    return this.#ask({ task: 'alert', alertId });
  }

  deliveries(dead: boolean, limit: number): Promise<WebhookDelivery[]> {
    return this.#ask({ task: 'deliveries', dead, limit });
  }

  delivery(deliveryId: string): Promise<WebhookDelivery | null> {
    return this.#ask({ task: 'delivery', deliveryId });
  }

  report(recordId: string): Promise<CallReport | null> {
    return this.#ask({ task: 'report', recordId });
  }

  recentRecords(activeSinceMs: number, endedSinceMs: number): Promise<string[]> {
    return this.#ask({ task: 'recent-records', activeSinceMs, endedSinceMs });
  }

  recentCall(recordId: string, pointsSinceMs: number): Promise<RecentCall | null> {
    return this.#ask({ task: 'recent-call', recordId, pointsSinceMs });
  }

  purge(endedBeforeMs: number, maxPoints: number): Promise<PurgeReport> {
    return this.#ask({ task: 'purge', endedBeforeMs, maxPoints });
  }

  size(): Promise<number> {
    return this.#ask({ task: 'size' });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    try {
      // Requests are answered in order: those before this one are done by then.
      await this.#post<void>(worker, { task: 'close' });
    } finally {
      await worker.terminate();
    }
  }

  #start(): Promise<void> {
    const worker = new Worker(workerFile, { workerData: { file: this.#file } });
    this.#worker = worker;
    worker.on('message', (answer: HistoryAnswer) => this.#answered(answer));
    worker.on('error', (error) => this.#died(worker, error.message));
    worker.on('exit', () => this.#died(worker, 'its thread ended'));
    return this.#expect<void>(0);
  }

  async #ask<Value>(task: HistoryTask): Promise<Value> {
    if (this.#closing) throw new HistoryError('history-closed', 'the history is closed: the dashboard stops');
    if (this.#waiting.size >= maxWaiting && task.task !== 'write')
      throw new HistoryError(
        'history-busy',
        'too much is asked of the history at once: ask again in a second',
      );
    if (!this.#worker) await this.#start();
    return this.#post<Value>(this.#worker!, task);
  }

  #post<Value>(worker: Worker, task: HistoryTask): Promise<Value> {
    const request: HistoryRequest = { id: this.#nextId++, task };
    const answer = this.#expect<Value>(request.id);
    worker.postMessage(request);
    return answer;
  }

  #expect<Value>(id: number): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new HistoryError('history-timeout', `the history did not answer in ${this.#timeoutMs} ms`));
      }, this.#timeoutMs);
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
    });
  }

  #answered(answer: HistoryAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if ('error' in answer) waiting.reject(new HistoryError(answer.error.code, answer.error.message));
    else waiting.resolve(answer.value);
  }

  #died(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#worker = null;
    else return;
    for (const [id, { reject, timer }] of this.#waiting) {
      this.#waiting.delete(id);
      clearTimeout(timer);
      reject(new HistoryError('history-failed', `the history failed: ${reason}`));
    }
  }
}
