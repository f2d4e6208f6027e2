import type { FeatureSpec } from './feature-spec.ts';

/** One frame's pitch, as `PitchTracker` gives it. */
export interface Pitch {
  logHz: number;
  voicing: number;
}

/** Voicing from which a pitch counts, and from which it counts fully. */
const firstVoicing = 0.45;
const fullVoicing = 0.75;
/** About the deviation of log pitch between speakers, and within one. */
const speakerDeviation = 0.35;
const ownDeviation = 0.2;

/** 0…1: how much a frame's pitch says. */
export const pitchWeight = (voicing: number): number =>
  Math.min(1, Math.max(0, (voicing - firstVoicing) / (fullVoicing - firstVoicing)));

/**
 * Three features of a frame: voicing, pitch against the mean of the training data, and pitch against the speaker's own
 * causal mean; both pitches shrink to 0 as voicing does. Live audio and training share it.
 */
export class PitchNormaliser {
  readonly #spec: NonNullable<FeatureSpec['pitch']>;
  #mean: number;
  #frames = 0;

  constructor(spec: NonNullable<FeatureSpec['pitch']>) {
    this.#spec = spec;
    this.#mean = spec.meanLogHz;
  }

  /** Learns from one frame of speech, as if it had been heard `frames` times. */
  observe({ logHz, voicing }: Readonly<Pitch>, frames = 1): void {
    const { priorFrames, memoryFrames } = this.#spec;
    const weight = frames * pitchWeight(voicing);
    if (this.#frames < memoryFrames) this.#frames += weight;
    this.#mean += (weight / (priorFrames + this.#frames)) * (logHz - this.#mean);
  }

  /** Writes the three features into `target` from `offset`. */
  apply({ logHz, voicing }: Pitch, target: Float32Array, offset: number): void {
    const weight = pitchWeight(voicing);
    target[offset] = 2 * voicing - 1;
    target[offset + 1] = (weight * (logHz - this.#spec.meanLogHz)) / speakerDeviation;
    target[offset + 2] = (weight * (logHz - this.#mean)) / ownDeviation;
  }

  /** Forgets the speaker. */
  reset(): void {
    this.#mean = this.#spec.meanLogHz;
    this.#frames = 0;
  }
}
