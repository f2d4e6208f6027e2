const initialCapacity = 8;

/**
 * Steps of one speaker waiting for the model, oldest first. Bounded: when full, the oldest step gives way and counts as
 * dropped. Rows live in one array that grows by doubling up to the capacity: a live speaker rarely has two waiting.
 */
export class StepQueue {
  readonly #featureCount: number;
  readonly #capacity: number;
  #features: Float32Array;
  #rows: number;
  #start = 0;
  #length = 0;
  /** Steps ever put in. */
  pushed = 0;
  /** Steps that gave way. */
  dropped = 0;

  constructor(capacity: number, featureCount: number) {
    this.#capacity = capacity;
    this.#featureCount = featureCount;
    this.#rows = Math.min(initialCapacity, capacity);
    this.#features = new Float32Array(this.#rows * featureCount);
  }

  get length(): number {
    return this.#length;
  }

  /** Copies `features` in. Returns whether an older step had to give way. */
  push(features: Float32Array): boolean {
    const full = this.#length === this.#capacity;
    if (full) {
      this.#start = (this.#start + 1) % this.#rows;
      this.#length--;
      this.dropped++;
    } else if (this.#length === this.#rows) this.#grow();
    const row = (this.#start + this.#length) % this.#rows;
    this.#features.set(features, row * this.#featureCount);
    this.#length++;
    this.pushed++;
    return full;
  }

  /** Moves the oldest step into `target` from `offset`. The queue must not be empty. */
  shift(target: Float32Array, offset: number): void {
    const from = this.#start * this.#featureCount;
    for (let i = 0; i < this.#featureCount; i++) target[offset + i] = this.#features[from + i];
    this.drop();
  }

  /** Lets the oldest step go. The queue must not be empty. */
  drop(): void {
    this.#start = (this.#start + 1) % this.#rows;
    this.#length--;
  }

  #grow(): void {
    const rows = Math.min(this.#capacity, 2 * this.#rows);
    const features = new Float32Array(rows * this.#featureCount);
    const head = this.#features.subarray(this.#start * this.#featureCount);
    features.set(head);
    features.set(this.#features.subarray(0, this.#start * this.#featureCount), head.length);
    this.#features = features;
    this.#rows = rows;
    this.#start = 0;
  }
}
