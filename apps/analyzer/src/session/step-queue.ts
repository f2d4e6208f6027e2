/**
 * Steps of one speaker waiting for the model, oldest first. Bounded: when full, the oldest step gives way and counts as
 * dropped. Rows live in one array allocated with the queue.
 */
export class StepQueue {
  readonly #features: Float32Array;
  readonly #featureCount: number;
  readonly #capacity: number;
  #start = 0;
  #length = 0;
  /** Steps ever put in. */
  pushed = 0;
  /** Steps that gave way. */
  dropped = 0;

  constructor(capacity: number, featureCount: number) {
    this.#capacity = capacity;
    this.#featureCount = featureCount;
    this.#features = new Float32Array(capacity * featureCount);
  }

  get length(): number {
    return this.#length;
  }

  /** Copies `features` in. Returns whether an older step had to give way. */
  push(features: Float32Array): boolean {
    const full = this.#length === this.#capacity;
    if (full) {
      this.#start = (this.#start + 1) % this.#capacity;
      this.#length--;
      this.dropped++;
    }
    const row = (this.#start + this.#length) % this.#capacity;
    this.#features.set(features, row * this.#featureCount);
    this.#length++;
    this.pushed++;
    return full;
  }

  /** Moves the oldest step into `target` from `offset`. The queue must not be empty. */
  shift(target: Float32Array, offset: number): void {
    const from = this.#start * this.#featureCount;
    for (let i = 0; i < this.#featureCount; i++) target[offset + i] = this.#features[from + i];
    this.#start = (this.#start + 1) % this.#capacity;
    this.#length--;
  }
}
