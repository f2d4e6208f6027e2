import { hear, type Listening } from '../evaluation/stream-clips.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { utteranceFunctionals } from './utterance-functionals.ts';

const sampleRateHz = 16_000;

/** What was heard of a clip. */
interface HeardClip {
  /** `utteranceFunctionals`; null when there is no speech in it. */
  row: Float64Array | null;
  /** Length of what was heard. */
  seconds: number;
}

/** Reads clips as functionals, each once for each way of listening: folds and seeds ask for the same again. */
export class FunctionalsReader {
  /** What is done to every recording, in training and after it. */
  readonly preprocessing: Preprocessing;
  readonly #heard = new Map<string, Promise<HeardClip>>();

  constructor(preprocessing: Preprocessing) {
    this.preprocessing = preprocessing;
  }

  /** @throws Error saying what is wrong with the file */
  read(file: string, listening: Listening): Promise<HeardClip> {
    const key = JSON.stringify([file, listening.channel ?? 'clean', listening.seconds ?? null]);
    let heard = this.#heard.get(key);
    if (heard === undefined) {
      heard = this.#hear(file, listening);
      this.#heard.set(key, heard);
    }
    return heard;
  }

  async #hear(file: string, listening: Listening): Promise<HeardClip> {
    const samples = await hear({ file }, listening, this.preprocessing);
    return {
      row: utteranceFunctionals(samples, listening.seconds),
      seconds: samples.length / sampleRateHz,
    };
  }
}
