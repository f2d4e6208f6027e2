import { analysisWindow } from './analysis-window.ts';
import { CepstralTransform } from './cepstral-transform.ts';
import { MelFilterbank } from './mel-filterbank.ts';
import type { MfccOptions } from './mfcc-options.ts';
import { RealFft } from './real-fft.ts';

/** Receives one frame per hop. Both arrays belong to the extractor and are overwritten by the next frame. */
export interface FrameSink {
  /** @param mfcc length `coefficients` @param logMel natural logarithm of the mel energies, length `melBands` */
  frame(mfcc: Float32Array, logMel: Float32Array): void;
}

/** int16 full scale becomes 1. */
const sampleScale = 1 / 32_768;

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
  readonly #options: MfccOptions;
  readonly #window: Float64Array;
  readonly #fft: RealFft;
  readonly #filterbank: MelFilterbank;
  readonly #transform: CepstralTransform;
  /** The newest samples not yet left behind by the hop, oldest first. */
  readonly #pending: Float64Array;
  #pendingCount = 0;
  /** Samples still to be passed over, where the hop is longer than the window. */
  #skip = 0;
  readonly #power: Float64Array;
  readonly #bands: Float64Array;
  readonly #mfcc: Float32Array;
  readonly #logMel: Float32Array;

  /** @throws RangeError if the options contradict each other */
  constructor(options: MfccOptions) {
    const { windowSamples, hopSamples, fftSize, melBands, coefficients } = options;
    if (windowSamples < 2 || windowSamples > fftSize) {
      throw new RangeError(`windowSamples must be between 2 and fftSize (${fftSize}), not ${windowSamples}`);
    }
    if (hopSamples < 1) throw new RangeError(`hopSamples must be at least 1, not ${hopSamples}`);
    if (coefficients < 1 || coefficients > melBands) {
      throw new RangeError(`coefficients must be between 1 and melBands (${melBands}), not ${coefficients}`);
    }
    this.#options = { ...options };
    this.#window = analysisWindow(options.window, windowSamples);
    this.#fft = new RealFft(fftSize);
    this.#filterbank = new MelFilterbank(
      melBands,
      this.#fft.binCount,
      options.sampleRateHz,
      options.lowHz,
      options.highHz,
    );
    this.#transform = new CepstralTransform(coefficients, melBands, options.lifter);
    this.#pending = new Float64Array(windowSamples);
    this.#power = new Float64Array(this.#fft.binCount);
    this.#bands = new Float64Array(melBands);
    this.#mfcc = new Float32Array(coefficients);
    this.#logMel = new Float32Array(melBands);
  }

  /** Consumes `samples` and calls `sink.frame` once for every window that they complete. Allocates nothing. */
  push(samples: Int16Array, sink: FrameSink): void {
    const { windowSamples, hopSamples } = this.#options;
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
      const end = Math.min(count, at + windowSamples - this.#pendingCount);
      let fill = this.#pendingCount;
      while (at < end) pending[fill++] = samples[at++] * sampleScale;
      this.#pendingCount = fill;
      if (fill < windowSamples) return;
      this.#extract();
      sink.frame(this.#mfcc, this.#logMel);
      if (hopSamples < windowSamples) {
        pending.copyWithin(0, hopSamples);
        this.#pendingCount = windowSamples - hopSamples;
      } else {
        this.#pendingCount = 0;
        this.#skip = hopSamples - windowSamples;
      }
    }
  }

  /** Forgets the samples of the unfinished window. */
  reset(): void {
    this.#pendingCount = 0;
    this.#skip = 0;
  }

  #extract(): void {
    const { windowSamples, preEmphasis, energyFloor } = this.#options;
    const pending = this.#pending;
    const window = this.#window;
    const input = this.#fft.input;
    let mean = 0;
    for (let i = 0; i < windowSamples; i++) mean += pending[i];
    mean /= windowSamples;
    let previous = pending[0] - mean;
    for (let i = 0; i < windowSamples; i++) {
      const sample = pending[i] - mean;
      input[i] = (sample - preEmphasis * previous) * window[i];
      previous = sample;
    }
    input.fill(0, windowSamples);
    this.#fft.powerSpectrum(this.#power);
    const bands = this.#bands;
    this.#filterbank.apply(this.#power, bands);
    for (let band = 0; band < bands.length; band++) {
      const energy = bands[band];
      const log = Math.log(Math.max(energy, energyFloor));
      bands[band] = log;
      this.#logMel[band] = log;
    }
    this.#transform.apply(bands, this.#mfcc);
  }
}
