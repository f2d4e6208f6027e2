import { type FeatureSpec, stepFeatureCount } from './feature-spec.ts';
import { StreamingNormaliser } from './streaming-normaliser.ts';

/** Receives one step every `framesPerStep` frames, speech or not, so that steps count time. */
export interface StepSink {
  /**
   * @param features length F, normalised; belongs to the caller and is overwritten by the next step
   * @param speech false: the model must not see this step and its state stays as it is
   */
  step(features: Float32Array, speech: boolean): void;
}

/** Normalises frames and stacks them into steps: what live audio and training share after the MFCC. */
export class StepStacker {
  readonly #normaliser: StreamingNormaliser;
  readonly #coefficients: number;
  readonly #framesPerStep: number;
  readonly #features: Float32Array;
  #frames = 0;
  #speechFrames = 0;

  constructor(spec: FeatureSpec) {
    this.#normaliser = new StreamingNormaliser(spec.normalisation);
    this.#coefficients = spec.mfcc.coefficients;
    this.#framesPerStep = spec.framesPerStep;
    this.#features = new Float32Array(stepFeatureCount(spec));
  }

  /** Adds one frame. A step is speech when at least half of its frames are. */
  frame(mfcc: Float32Array, speech: boolean, sink: StepSink): void {
    if (speech) {
      this.#normaliser.observe(mfcc);
      this.#speechFrames++;
    }
    this.#normaliser.apply(mfcc, this.#features, this.#frames * this.#coefficients);
    if (++this.#frames < this.#framesPerStep) return;
    const isSpeech = 2 * this.#speechFrames >= this.#framesPerStep;
    this.#frames = 0;
    this.#speechFrames = 0;
    sink.step(this.#features, isSpeech);
  }

  reset(): void {
    this.#normaliser.reset();
    this.#frames = 0;
    this.#speechFrames = 0;
  }
}
