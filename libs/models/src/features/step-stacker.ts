import { type FeatureSpec, frameFeatureCount, stepFeatureCount } from './feature-spec.ts';
import { type Pitch, PitchNormaliser } from './pitch-normaliser.ts';
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
  readonly #pitchNormaliser: PitchNormaliser | null;
  readonly #coefficients: number;
  readonly #frameFeatures: number;
  readonly #framesPerStep: number;
  readonly #features: Float32Array;
  #frames = 0;
  #speechFrames = 0;

  constructor(spec: FeatureSpec) {
    this.#normaliser = new StreamingNormaliser(spec.normalisation);
    this.#pitchNormaliser = spec.pitch === undefined ? null : new PitchNormaliser(spec.pitch);
    this.#coefficients = spec.mfcc.coefficients;
    this.#frameFeatures = frameFeatureCount(spec);
    this.#framesPerStep = spec.framesPerStep;
    this.#features = new Float32Array(stepFeatureCount(spec));
  }

  /** Adds one frame; `pitch` is not looked at where the model does without. A step is speech when half of its frames are. */
  frame(mfcc: Float32Array, pitch: Pitch, speech: boolean, sink: StepSink): void {
    const at = this.#frames * this.#frameFeatures;
    if (speech) {
      this.#normaliser.observe(mfcc);
      this.#pitchNormaliser?.observe(pitch);
      this.#speechFrames++;
    }
    this.#normaliser.apply(mfcc, this.#features, at);
    this.#pitchNormaliser?.apply(pitch, this.#features, at + this.#coefficients);
    if (++this.#frames < this.#framesPerStep) return;
    const isSpeech = 2 * this.#speechFrames >= this.#framesPerStep;
    this.#frames = 0;
    this.#speechFrames = 0;
    sink.step(this.#features, isSpeech);
  }

  reset(): void {
    this.#normaliser.reset();
    this.#pitchNormaliser?.reset();
    this.#frames = 0;
    this.#speechFrames = 0;
  }
}
