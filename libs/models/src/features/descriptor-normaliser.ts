import type { FeatureSpec } from './feature-spec.ts';
import { FrameDescriptors } from './frame-descriptors.ts';
import type { FrameMeasures } from './frame-measures.ts';

/** A frame that differs more than this from the usual, in deviations, says no more: digital silence is without bounds. */
const limit = 5;

/**
 * Brings descriptors to the scale of the training data. Energy and peak are compared with the speaker's own causal mean,
 * which begins at that of the training data (as in `StreamingNormaliser`), so that the gain of a microphone cancels; their
 * absolute values would say more of the microphone than of the voice. The others do not depend on gain and are
 * compared with the training mean for ever, so that a voice that is bright or noisy throughout remains so.
 */
export class DescriptorNormaliser {
  readonly #spec: NonNullable<FeatureSpec['descriptors']>;
  readonly #normalisation: FeatureSpec['normalisation'];
  readonly #descriptors: FrameDescriptors;
  readonly #mean: Float64Array;
  /** Which of the descriptors are levels. */
  readonly #levels: number[];
  #frames = 0;

  /**
   * @param bands log mel energies of a frame
   * @param normalisation how fast the means of levels move
   */
  constructor(
    spec: NonNullable<FeatureSpec['descriptors']>,
    bands: number,
    normalisation: FeatureSpec['normalisation'],
  ) {
    this.#spec = spec;
    this.#normalisation = normalisation;
    this.#descriptors = new FrameDescriptors(spec.names, bands);
    this.#mean = new Float64Array(spec.mean);
    this.#levels = spec.names.flatMap((name, i) => (name === 'energy' || name === 'peak' ? [i] : []));
  }

  /** Takes the next frame, and learns from it if it is speech. */
  push(measures: FrameMeasures, speech: boolean): void {
    this.#descriptors.push(measures);
    if (speech) this.#observe(1);
  }

  /** Learns from one frame of speech, as if it had been heard `frames` times; what is pushed next begins anew. */
  observe(measures: FrameMeasures, frames: number): void {
    this.#descriptors.push(measures);
    this.#observe(frames);
    this.#descriptors.reset();
  }

  #observe(frames: number): void {
    const { priorFrames, memoryFrames } = this.#normalisation;
    const { values } = this.#descriptors;
    this.#frames = Math.min(memoryFrames, this.#frames + frames);
    const rate = Math.min(1, frames / (priorFrames + this.#frames));
    for (let k = 0; k < this.#levels.length; k++) {
      const i = this.#levels[k];
      this.#mean[i] += rate * (values[i] - this.#mean[i]);
    }
  }

  /** Writes the normalised descriptors of the frame pushed last into `target` from `offset`. */
  apply(target: Float32Array, offset: number): void {
    const { deviation } = this.#spec;
    const { values } = this.#descriptors;
    for (let i = 0; i < values.length; i++) {
      const apart = (values[i] - this.#mean[i]) / deviation[i];
      target[offset + i] = Math.min(limit, Math.max(-limit, apart));
    }
  }

  /** Forgets the speaker. */
  reset(): void {
    this.#descriptors.reset();
    this.#mean.set(this.#spec.mean);
    this.#frames = 0;
  }
}
