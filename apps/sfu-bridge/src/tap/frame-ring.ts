import type { PcmFrame } from '@undertone/wire';
import type { TapCounters } from './tap-counters.ts';

/** Longest frame that is put together; the model's step is as long (25 Hz). */
export const frameSamples = 640;

/**
 * One speaker's newest frames: those that wait for the analyzer, and before them those that it was sent, for an analyzer
 * that has lost them and must hear them again. Bounded; the oldest gives way, and counts as dropped if it was never sent.
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
  #kept = 0;
  /** How many of those kept have been taken out. */
  #taken = 0;
  /** Number of the oldest frame kept in the speaker's stream. */
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

  /** Frames that wait. */
  get length(): number {
    return this.#kept - this.#taken;
  }

  /** Whether anything was ever put in. */
  get begun(): boolean {
    return this.#kept > 0 || this.#sequence > 0;
  }

  /** Capture time of the oldest frame that waits; NaN if none does. */
  get oldestCaptureMs(): number {
    if (this.length === 0) return Number.NaN;
    return this.#captureMs[(this.#oldest + this.#taken) % this.#capacity];
  }

  /** Adds the first `sampleCount` (≤ `frameSamples`) of `samples`; `samples` null means that many samples of silence. */
  push(
    samples: Int16Array | null,
    sampleCount: number,
    captureMs: number,
    concealedSamples: number,
    discontinuity: boolean,
  ): void {
    if (this.#kept === this.#capacity) {
      if (this.#taken === 0) this.#counters.droppedFrames++;
      else this.#taken--;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
      this.#kept--;
      this.#sequence = (this.#sequence + 1) >>> 0;
    }
    const slot = (this.#oldest + this.#kept) % this.#capacity;
    if (samples !== null) {
      const target = this.#samples[slot];
      for (let i = 0; i < sampleCount; i++) target[i] = samples[i];
    }
    this.#silent[slot] = samples === null ? 1 : 0;
    this.#discontinuous[slot] = discontinuity ? 1 : 0;
    this.#sampleCounts[slot] = sampleCount;
    this.#concealedSamples[slot] = concealedSamples;
    this.#captureMs[slot] = captureMs;
    this.#kept++;
  }

  /** Copies the next frame into `frame` (its `streamId` is left alone). Returns false if none waits. */
  take(frame: PcmFrame): boolean {
    if (this.#taken === this.#kept) return false;
    const slot = (this.#oldest + this.#taken) % this.#capacity;
    const sampleCount = this.#sampleCounts[slot];
    const samples = this.#samples[slot];
    frame.sequence = (this.#sequence + this.#taken) >>> 0;
    frame.captureMs = this.#captureMs[slot];
    frame.sampleCount = sampleCount;
    frame.concealedSamples = this.#concealedSamples[slot];
    frame.discontinuity = this.#discontinuous[slot] === 1;
    if (this.#silent[slot] === 1) frame.samples = null;
    else frame.samples = sampleCount === frameSamples ? samples : samples.subarray(0, sampleCount);
    this.#taken++;
    return true;
  }

  /** Everything kept waits again: the analyzer may have lost what it was sent. */
  rewind(): void {
    this.#taken = 0;
  }

  /** Throws everything away, as consent withdrawn demands. */
  clear(): void {
    this.#oldest = (this.#oldest + this.#kept) % this.#capacity;
    this.#sequence = (this.#sequence + this.#kept) >>> 0;
    this.#kept = 0;
    this.#taken = 0;
  }
}
