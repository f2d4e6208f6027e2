import type { MfccOptions } from './mfcc-options.ts';
import { WindowCepstrum } from './window-cepstrum.ts';

/** Receives one frame per hop. The arrays belong to the extractor and are overwritten by the next frame. */
export interface FrameSink {
  /**
   * @param mfcc length `coefficients`
   * @param logMel natural logarithm of the mel energies, length `melBands`
   * @param window the samples of the window, of which the last hop is new
   */
  frame(mfcc: Float32Array, logMel: Float32Array, window: Int16Array): void;
}

/**
 * Mel-frequency cepstral coefficients of a stream of 16-bit samples, whatever the size of its pieces.
 *
 * Definition: Kaldi's `compute-mfcc-feats --use-energy=false --dither=0 --snip-edges=true` with samples scaled to ±1
 * (Kaldi's are int16, which moves every log mel energy by 2·ln 32768 and so c0 alone): frames start every hop as soon
 * as a whole window is there; per window the mean is removed, then pre-emphasis, window, zero-padded FFT, power
 * spectrum, triangular mel filters, natural logarithm with a floor, orthonormal DCT-II, lifter.
 * A frame depends on nothing but its own window, so streaming and batch are the same computation.
 * Reference: Davis & Mermelstein 1980; The HTK Book §5.4–5.6; Kaldi `src/feat`.
 */
export class StreamingMfcc {
  readonly #hopSamples: number;
  readonly #cepstrum: WindowCepstrum;
  /** The newest samples not yet left behind by the hop, oldest first; length: the window. */
  readonly #pending: Int16Array;
  #pendingCount = 0;
  /** Samples still to be passed over, where the hop is longer than the window. */
  #skip = 0;
  readonly #mfcc: Float32Array;
  readonly #logMel: Float32Array;

  /** @throws RangeError if the options contradict each other */
  constructor(options: MfccOptions) {
    if (options.hopSamples < 1) {
      throw new RangeError(`hopSamples must be at least 1, not ${options.hopSamples}`);
    }
    this.#hopSamples = options.hopSamples;
    this.#cepstrum = WindowCepstrum.of(options);
    this.#pending = new Int16Array(options.windowSamples);
    this.#mfcc = new Float32Array(options.coefficients);
    this.#logMel = new Float32Array(options.melBands);
  }

  /** Consumes `samples` and calls `sink.frame` once for every window that they complete. Allocates nothing. */
  push(samples: Int16Array, sink: FrameSink): void {
    const pending = this.#pending;
    const count = samples.length;
    let at = 0;
    while (at < count) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, count - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const end = Math.min(count, at + pending.length - this.#pendingCount);
      let fill = this.#pendingCount;
      while (at < end) pending[fill++] = samples[at++];
      this.#pendingCount = fill;
      if (fill < pending.length) return;
      this.#cepstrum.apply(pending, this.#mfcc, this.#logMel);
      sink.frame(this.#mfcc, this.#logMel, pending);
      this.#hop();
    }
  }

  /** Forgets the samples of the unfinished window. */
  reset(): void {
    this.#pendingCount = 0;
    this.#skip = 0;
  }

  #hop(): void {
    const pending = this.#pending;
    const kept = pending.length - this.#hopSamples;
    if (kept > 0) pending.copyWithin(0, this.#hopSamples);
    this.#pendingCount = Math.max(0, kept);
    this.#skip = Math.max(0, -kept);
  }
}
