/** Bounded queue of 16-bit samples between a producer and a slower consumer. When full, the oldest samples give way. */
export class SampleRing {
  readonly capacity: number;
  readonly #samples: Int16Array;
  #start = 0;
  #length = 0;
  #overwritten = 0;

  /** @throws RangeError if `capacity` is not a positive integer */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`a sample ring needs a capacity of at least 1 sample, not ${capacity}`);
    }
    this.capacity = capacity;
    this.#samples = new Int16Array(capacity);
  }

  /** Samples waiting to be read. */
  get length(): number {
    return this.#length;
  }

  /** Samples lost since construction because nobody read them in time. */
  get overwritten(): number {
    return this.#overwritten;
  }

  write(samples: Int16Array): void {
    const { capacity } = this;
    const skipped = Math.max(0, samples.length - capacity);
    const lost = Math.max(0, this.#length + samples.length - capacity);
    this.#overwritten += lost;
    const forgotten = lost - skipped;
    this.#start = (this.#start + forgotten) % capacity;
    this.#length -= forgotten;
    let end = (this.#start + this.#length) % capacity;
    for (let at = skipped; at < samples.length; at++) {
      this.#samples[end] = samples[at];
      if (++end === capacity) end = 0;
    }
    this.#length += samples.length - skipped;
  }

  /** Moves up to `target.length` of the oldest samples into `target` and returns how many. */
  read(target: Int16Array): number {
    const count = Math.min(target.length, this.#length);
    for (let at = 0; at < count; at++) {
      target[at] = this.#samples[this.#start];
      if (++this.#start === this.capacity) this.#start = 0;
    }
    this.#length -= count;
    return count;
  }

  /** Forgets the samples waiting; they do not count as overwritten. */
  clear(): void {
    this.#start = 0;
    this.#length = 0;
  }
}
