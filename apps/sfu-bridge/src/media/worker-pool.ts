import { createWorker, type types } from 'mediasoup';
import type { Logger } from 'pino';
import { CallError } from '../calls/call-error.ts';

export interface WorkerPoolOptions {
  workers: number;
  host: string;
  announcedAddress: string | null;
  /** Worker n listens on `rtcPort + n`, UDP and TCP; 0 lets the system choose. */
  rtcPort: number;
  log: Logger;
}

/** A mediasoup worker with the WebRTC port that all its calls share. */
export interface MediaWorker {
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
  /** Calls that run on it. */
  calls: number;
}

const replaceAfterMs = 1_000;

/** mediasoup workers, one process and one core each. One that dies is replaced; its calls are lost. */
export class WorkerPool {
  /** Workers that died since the start. */
  deaths = 0;

  readonly #options: WorkerPoolOptions;
  readonly #workers: (MediaWorker | null)[];
  readonly #retries = new Set<NodeJS.Timeout>();
  /** Called when a worker has started. */
  readonly #awaiting = new Set<() => void>();
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#workers = new Array<MediaWorker | null>(options.workers).fill(null);
  }

  /** @throws Error if a worker can't be started */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#workers.map((_, index) => this.#startWorker(index)));
    } catch (error) {
      this.close();
      throw new Error(
        `a mediasoup worker can't be started (${error instanceof Error ? error.message : error}): run \`npm start\` ` +
          'or `npm run setup`, or set MEDIASOUP_WORKER_BIN to a mediasoup-worker; check that RTC_PORT is free',
      );
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  get alive(): number {
    return this.#workers.filter((each) => each !== null).length;
  }

  /** Process ids of those alive. */
  get pids(): number[] {
    return this.#workers.flatMap((each) => (each ? [each.worker.pid] : []));
  }

  /** Resolves when a worker runs, or when `withinMs` have passed without one: those who lost their call come back at once. */
  async untilAlive(withinMs: number): Promise<void> {
    if (this.alive > 0 || this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    this.#awaiting.add(resolve);
    await promise;
    this.#awaiting.delete(resolve);
    clearTimeout(timer);
  }

  /** @throws CallError `media-unavailable` */
  leastLoaded(): MediaWorker {
    let best: MediaWorker | null = null;
    for (const each of this.#workers) if (each && (!best || each.calls < best.calls)) best = each;
    if (!best) throw new CallError('media-unavailable', 'no media worker is running; try again in a moment');
    return best;
  }

  close(): void {
    this.#closed = true;
    for (const retry of this.#retries) clearTimeout(retry);
    for (const each of this.#workers) each?.worker.close();
    this.#workers.fill(null);
    for (const resolve of this.#awaiting) resolve();
  }

  async #startWorker(index: number): Promise<void> {
    const { host, announcedAddress, rtcPort, log } = this.#options;
    const worker = await createWorker({ logLevel: 'warn' });
    const listen = (protocol: 'udp' | 'tcp') => ({
      protocol,
      ip: host,
      ...(announcedAddress === null ? {} : { announcedAddress }),
      ...(rtcPort === 0 ? {} : { port: rtcPort + index }),
    });
    let webRtcServer: types.WebRtcServer;
    try {
      webRtcServer = await worker.createWebRtcServer({ listenInfos: [listen('udp'), listen('tcp')] });
    } catch (error) {
      worker.close();
      throw error;
    }
    if (this.#closed) {
      worker.close();
      return;
    }
    this.#workers[index] = { worker, webRtcServer, calls: 0 };
    for (const resolve of this.#awaiting) resolve();
    worker.on('died', (error) => {
      log.error({ err: error, worker: index }, 'media worker died; its calls are lost, a new one is started');
      this.deaths++;
      this.#workers[index] = null;
      this.#replace(index);
    });
  }

  #replace(index: number): void {
    if (this.#closed) return;
    this.#startWorker(index).catch((error: unknown) => {
      this.#options.log.error(
        { err: error, worker: index },
        'media worker could not be replaced; trying again',
      );
      const retry = setTimeout(() => {
        this.#retries.delete(retry);
        this.#replace(index);
      }, replaceAfterMs);
      this.#retries.add(retry);
    });
  }
}
