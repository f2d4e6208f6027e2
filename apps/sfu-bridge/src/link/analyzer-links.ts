import { randomUUID } from 'node:crypto';
import type { Speaker } from '@undertone/wire';
import { AnalyzerLink, type AnalyzerLinkOptions } from './analyzer-link.ts';
import type { SpeakerStream } from './speaker-stream.ts';
import { workerOf } from './worker-of.ts';

/**
 * The links to the workers of the analyzer, one each (docs/decisions/0019-many-cores.md). How many there are the analyzer says
 * with every connection; a speaker's worker follows from their name, so that it is the same after a mute, a reconnection or
 * a restart of whatever part. While a worker is away its speakers wait for it: their state is rebuilt from the rings.
 */
export class AnalyzerLinks {
  readonly #options: AnalyzerLinkOptions;
  readonly #links: AnalyzerLink[];
  #lastStreamId = 0;
  /** Of links that are no more. */
  #connectionsBefore = 0;
  #faultsBefore = 0;
  #closed = false;

  constructor(options: Omit<AnalyzerLinkOptions, 'bridgeId' | 'nextStreamId' | 'onWorkers'>) {
    this.#options = {
      ...options,
      bridgeId: `bridge-${randomUUID().slice(0, 8)}`,
      nextStreamId: () => ++this.#lastStreamId,
      // One link tells it; the others hear the same.
      onWorkers: () => {},
    };
    this.#links = [new AnalyzerLink({ ...this.#options, onWorkers: (workers) => this.#resize(workers) })];
  }

  /** Workers that the analyzer has, as it said last. */
  get workers(): number {
    return this.#links.length;
  }

  get connectedWorkers(): number {
    return this.#links.filter((link) => link.connected).length;
  }

  /** Whether every worker is. */
  get connected(): boolean {
    return this.connectedWorkers === this.workers;
  }

  get connections(): number {
    return this.#sum((link) => link.connections) + this.#connectionsBefore;
  }

  /** Malformed messages. */
  get faults(): number {
    return this.#sum((link) => link.faults) + this.#faultsBefore;
  }

  /** Frames that the analyzer is ready to take. */
  get credits(): number {
    return this.#sum((link) => link.credits);
  }

  get queuedFrames(): number {
    return this.#sum((link) => link.queuedFrames);
  }

  /** Bytes that the sockets have not got rid of. */
  get bufferedBytes(): number {
    return this.#sum((link) => link.bufferedBytes);
  }

  /** Capture time of the oldest frame that waits; NaN if none does. */
  get oldestCaptureMs(): number {
    const waiting = this.#links.map((link) => link.oldestCaptureMs).filter((ms) => !Number.isNaN(ms));
    return waiting.length === 0 ? Number.NaN : Math.min(...waiting);
  }

  join(speaker: Speaker): SpeakerStream {
    const worker = workerOf(speaker, this.workers);
    const stream = this.#links[worker].join(speaker);
    stream.worker = worker;
    return stream;
  }

  update(stream: SpeakerStream, speaker: Speaker): void {
    this.#links[stream.worker].update(stream, speaker);
  }

  lose(stream: SpeakerStream): void {
    this.#links[stream.worker].lose(stream, () => this.leave(stream));
  }

  leave(stream: SpeakerStream): void {
    this.#links[stream.worker].leave(stream);
  }

  frameReady(stream: SpeakerStream): void {
    this.#links[stream.worker].frameReady(stream);
  }

  sendFrames(): void {
    for (let worker = 0; worker < this.#links.length; worker++) this.#links[worker].sendFrames();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#links.map((link) => link.close()));
  }

  /** The analyzer was restarted with another number of workers: everyone goes to the worker that is theirs now. */
  #resize(workers: number): void {
    if (workers === this.workers || this.#closed) return;
    this.#options.log.info({ workers }, 'the analyzer has another number of workers');
    const streams = this.#links.flatMap((link) => link.release());
    for (const link of this.#links.splice(Math.max(1, workers))) {
      this.#connectionsBefore += link.connections;
      this.#faultsBefore += link.faults;
      void link.close();
    }
    for (const link of this.#links.slice(1)) link.reconnect();
    while (this.#links.length < workers) {
      const url = new URL(this.#options.url);
      url.searchParams.set('worker', `${this.#links.length}`);
      this.#links.push(new AnalyzerLink({ ...this.#options, url: url.href }));
    }
    for (const stream of streams) {
      stream.worker = workerOf(stream.speaker, workers);
      this.#links[stream.worker].adopt(stream);
    }
  }

  #sum(read: (link: AnalyzerLink) => number): number {
    return this.#links.reduce((sum, link) => sum + read(link), 0);
  }
}
