import { stat } from 'node:fs/promises';
import { readSpeech } from '../corpus/read-speech.ts';

/** Reads recordings and keeps the last ones: variants of one follow each other, and babble asks for the same voices. */
export class RecentSpeech {
  readonly #capacity: number;
  /** By name, size and date, in the order of their use. */
  readonly #read = new Map<string, Int16Array>();

  /** @param capacity recordings that are kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Mono 16 kHz samples, not to be written into. @throws Error saying what is wrong with the file */
  async samples(file: string): Promise<Int16Array> {
    const { size, mtimeMs } = await stat(file);
    const key = `${file} ${size} ${mtimeMs}`;
    const samples = this.#read.get(key) ?? (await readSpeech(file));
    this.#read.delete(key);
    this.#read.set(key, samples);
    if (this.#read.size > this.#capacity) this.#read.delete(this.#read.keys().next().value!);
    return samples;
  }
}
