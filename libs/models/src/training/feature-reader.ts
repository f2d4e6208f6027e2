import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MfccOptions } from '@undertone/dsp';
import { noPreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import { FeatureCache } from './feature-cache.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureAnswer, FeatureWorkerData } from './feature-worker.ts';
import type { WaveformEffects } from './waveform-options.ts';

/** Fewer than this for each are not worth a further worker: it takes a quarter of a second to start. */
const sourcesPerWorker = 16;

/** Reads frames from the cache, and has those that it lacks extracted by threads, at most one for each core. */
export class FeatureReader {
  readonly #data: FeatureWorkerData;
  readonly #cache: FeatureCache;

  /** See `FeatureCache`. */
  constructor(
    folder: string,
    mfcc: MfccOptions,
    effects: WaveformEffects,
    preprocessing: Preprocessing = noPreprocessing,
    hasWaveform = false,
  ) {
    this.#data = { folder, mfcc, effects, preprocessing, hasWaveform };
    this.#cache = new FeatureCache(folder, mfcc, effects, preprocessing, hasWaveform);
  }

  /**
   * For each source its frames, or why it can't be read.
   * @param progress called after each of them
   * @throws Error when a thread dies
   */
  async read(
    sources: readonly FeatureSource[],
    progress: (done: number, total: number) => void,
  ): Promise<FeatureAnswer[]> {
    const answers = new Array<FeatureAnswer>(sources.length);
    const missing: number[] = [];
    let done = 0;
    const answered = (index: number, answer: FeatureAnswer) => {
      answers[index] = answer;
      progress(++done, sources.length);
    };
    for (const [i, source] of sources.entries()) {
      try {
        const found = await this.#cache.find(source);
        if (found === null) missing.push(i);
        else answered(i, found);
      } catch (error) {
        answered(i, error instanceof Error ? error.message : String(error));
      }
    }
    const count = Math.min(availableParallelism(), Math.ceil(missing.length / sourcesPerWorker));
    const queue = missing.values();
    const workers = Array.from({ length: count }, () => new Worker(workerFile, { workerData: this.#data }));
    try {
      await Promise.all(
        workers.map(async (worker) => {
          for (const index of queue) answered(index, await ask(worker, sources[index]));
        }),
      );
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    return answers;
  }
}

/** Beside this file, compiled or not. */
const workerFile = new URL(`./feature-worker${extname(import.meta.url)}`, import.meta.url);

function ask(worker: Worker, source: FeatureSource): Promise<FeatureAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<FeatureAnswer>();
  const exited = (code: number) =>
    reject(new Error(`the thread that read ${source.file} ended with ${code}`));
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', exited);
  worker.postMessage(source);
  return promise.finally(() => {
    worker.off('message', resolve);
    worker.off('error', reject);
    worker.off('exit', exited);
  });
}
