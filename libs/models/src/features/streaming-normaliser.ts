import type { FeatureSpec } from './feature-spec.ts';

/**
 * Makes a speaker's coefficients comparable with others': subtracts the speaker's own causal mean, which starts at the
 * mean of the training data and moves to the speaker's as speech is heard, and divides by the training deviation.
 * The mean takes away microphone, room and level (cepstral mean normalisation, Atal 1974) without looking ahead,
 * so that training, replay and live see the same numbers.
 */
export class StreamingNormaliser {
  readonly #spec: FeatureSpec['normalisation'];
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;
  #frames = 0;

  constructor(spec: FeatureSpec['normalisation']) {
    this.#spec = spec;
    this.#mean = new Float64Array(spec.mean);
    this.#scale = Float64Array.from(spec.deviation, (deviation) => 1 / deviation);
  }

  /** Learns from one frame of speech, as if it had been heard `frames` times. */
  observe(coefficients: Float32Array, frames = 1): void {
    const { priorFrames, memoryFrames } = this.#spec;
    this.#frames = Math.min(memoryFrames, this.#frames + frames);
    const rate = Math.min(1, frames / (priorFrames + this.#frames));
    const mean = this.#mean;
    for (let i = 0; i < mean.length; i++) mean[i] += rate * (coefficients[i] - mean[i]);
  }

  /** Writes the normalised `coefficients` into `target` from `offset`. */
  apply(coefficients: Float32Array, target: Float32Array, offset: number): void {
    const mean = this.#mean;
    const scale = this.#scale;
    for (let i = 0; i < mean.length; i++) target[offset + i] = (coefficients[i] - mean[i]) * scale[i];
  }

  /** Forgets the speaker. */
  reset(): void {
    this.#mean.set(this.#spec.mean);
    this.#frames = 0;
  }
}
