/** Packets of a closed gate are kept for this long, so that the onset of a word comes with what led to it. */
const lookBackSamples = 1_600;
/** Packets of 2.5 ms. */
const capacityPackets = 64;

/** The last packets of a stretch of silence, not decoded yet. */
export class LookBack {
  /** After `takeOldest` returned true. */
  payload: Uint8Array = new Uint8Array(0);
  sampleCount = 0;
  readonly #payloads = new Array<Uint8Array | null>(capacityPackets).fill(null);
  readonly #sampleCounts = new Uint16Array(capacityPackets);
  #oldest = 0;
  #length = 0;
  #samples = 0;

  /** Samples that the packets kept will decode to. */
  get samples(): number {
    return this.#samples;
  }

  /** Whether the oldest packet is no longer needed. */
  get overfull(): boolean {
    return this.#samples > lookBackSamples || this.#length === capacityPackets;
  }

  push(payload: Uint8Array, sampleCount: number): void {
    const slot = (this.#oldest + this.#length) % capacityPackets;
    this.#payloads[slot] = payload;
    this.#sampleCounts[slot] = sampleCount;
    this.#length++;
    this.#samples += sampleCount;
  }

  /** Moves the oldest packet into `payload` and `sampleCount`; false if there is none. */
  takeOldest(): boolean {
    const payload = this.#payloads[this.#oldest];
    if (payload === null) return false;
    this.payload = payload;
    this.sampleCount = this.#sampleCounts[this.#oldest];
    this.#payloads[this.#oldest] = null;
    this.#oldest = (this.#oldest + 1) % capacityPackets;
    this.#length--;
    this.#samples -= this.sampleCount;
    return true;
  }
}
