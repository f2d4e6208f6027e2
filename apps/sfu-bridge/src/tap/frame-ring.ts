import type { PcmFrame } from '@undertone/wire';
import type { TapCounters } from './tap-counters.ts';

/** Longest frame that is put together; the model's step is as long (25 Hz). */
export const frameSamples = 640;

/**
 * One speaker's frames on their way to the analyzer: bounded, the oldest is dropped when full.
 * All memory is allocated up front; a frame taken out points into it and is valid until the next `push`.
 */
export class FrameRing {
  readonly #capacity: number;
  readonly #counters: Pick<TapCounters, 'droppedFrames'>;
  readonly #samples: Int16Array[];
  readonly #silent: Uint8Array;
  readonly #discontinuous: Uint8Array;
  readonly #sampleCounts: Uint16Array;
  readonly #concealedSamples: Uint16Array;
  readonly #captureMs: Float64Array;
  #oldest = 0;
  #length = 0;
  /** Number of the oldest frame in the speaker's stream. */
  #sequence = 0;

  constructor(capacityFrames: number, counters: Pick<TapCounters, 'droppedFrames'>) {
    this.#capacity = capacityFrames;
    this.#counters = counters;
    const memory = new Int16Array(capacityFrames * frameSamples);
    this.#samples = Array.from({ length: capacityFrames }, (_, i) =>
      memory.subarray(i * frameSamples, (i + 1) * frameSamples),
    );
    this.#silent = new Uint8Array(capacityFrames);
    this.#discontinuous = new Uint8Array(capacityFrames);
    this.#sampleCounts = new Uint16Array(capacityFrames);
    this.#concealedSamples = new Uint16Array(capacityFrames);
    this.#captureMs = new Float64Array(capacityFrames);
  }

  get length(): number {
    return this.#length;
  }

  /** Capture time of the oldest frame; NaN if there is none. */
  get oldestCaptureMs(): number {
    return this.#length === 0 ? Number.NaN : this.#captureMs[this.#oldest];
  }

  /** Adds the first `sampleCount` (≤ `frameSamples`) of `samples`; `samples` null means that many samples of silence. */
  push(
    samples: Int16Array | null,
    sampleCount: number,
    captureMs: number,
    concealedSamples: number,
    discontinuity: boolean,
  ): void {
    if (this.#length === this.#capacity) {
      this.#discardOldest();
      this.#counters.droppedFrames++;
    }
    const slot = (this.#oldest + this.#length) % this.#capacity;
    if (samples !== null) {
      const target = this.#samples[slot];
      for (let i = 0; i < sampleCount; i++) target[i] = samples[i];
    }
    this.#silent[slot] = samples === null ? 1 : 0;
    this.#discontinuous[slot] = discontinuity ? 1 : 0;
    this.#sampleCounts[slot] = sampleCount;
    this.#concealedSamples[slot] = concealedSamples;
    this.#captureMs[slot] = captureMs;
    this.#length++;
  }

  /** Moves the oldest frame into `frame` (its `streamId` is left alone). Returns false if there is none. */
  take(frame: PcmFrame): boolean {
    if (this.#length === 0) return false;
    const slot = this.#oldest;
    const sampleCount = this.#sampleCounts[slot];
    const samples = this.#samples[slot];
    frame.sequence = this.#sequence;
    frame.captureMs = this.#captureMs[slot];
    frame.sampleCount = sampleCount;
    frame.concealedSamples = this.#concealedSamples[slot];
    frame.discontinuity = this.#discontinuous[slot] === 1;
    if (this.#silent[slot] === 1) frame.samples = null;
    else frame.samples = sampleCount === frameSamples ? samples : samples.subarray(0, sampleCount);
    this.#discardOldest();
    return true;
  }

  /** Throws everything away, as consent withdrawn demands. */
  clear(): void {
    while (this.#length > 0) this.#discardOldest();
  }

  #discardOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    this.#length--;
    this.#sequence = (this.#sequence + 1) >>> 0;
  }
}
