import { pcmSampleRateHz } from '@undertone/wire';

/** What another model hears again when it takes over. */
const capacity = 3 * pcmSampleRateHz;
/** Audio is kept this long after the last step of speech: pauses within a sentence belong to it. */
const pauseSamples = pcmSampleRateHz / 2;

/** The last three seconds of one speaker's speech, pauses cut short. Bounded: the oldest samples give way. */
export class SpeechHistory {
  readonly #samples = new Int16Array(capacity);
  #end = 0;
  #length = 0;
  #sinceSpeech = 0;

  /** Samples kept. */
  get length(): number {
    return this.#length;
  }

  /** The audio added last was speech. */
  spoke(): void {
    this.#sinceSpeech = 0;
  }

  /** Keeps `samples`, unless the speaker has paused for long. At most 3 s at once. */
  add(samples: Int16Array): void {
    this.#sinceSpeech += samples.length;
    if (this.#sinceSpeech > pauseSamples) return;
    const first = capacity - this.#end;
    if (samples.length <= first) this.#samples.set(samples, this.#end);
    else {
      this.#samples.set(samples.subarray(0, first), this.#end);
      this.#samples.set(samples.subarray(first), 0);
    }
    this.#end = (this.#end + samples.length) % capacity;
    this.#length = Math.min(capacity, this.#length + samples.length);
  }

  /** Hands over the newest `count` samples, or what there is, oldest first, in one or two pieces that stay the history's. */
  replay(count: number, take: (samples: Int16Array) => void): void {
    const length = Math.min(count, this.#length);
    const start = (this.#end - length + capacity) % capacity;
    const first = Math.min(length, capacity - start);
    if (first > 0) take(this.#samples.subarray(start, start + first));
    if (length > first) take(this.#samples.subarray(0, length - first));
  }
}
