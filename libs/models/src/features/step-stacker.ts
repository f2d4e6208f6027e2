import {
  type FeatureSpec,
  frameFeatureCount,
  spectrumFeatureCount,
  stepFeatureCount,
} from './feature-spec.ts';
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

/**
 * Normalises frames and stacks them into steps: what live audio and training share after the spectrum. A step begins with
 * `contextFrames` frames as they were normalised in their own time; at the beginning they are zeros, the training mean.
 */
export class StepStacker {
  readonly #normaliser: StreamingNormaliser;
  readonly #pitchNormaliser: PitchNormaliser | null;
  readonly #spectrumFeatures: number;
  readonly #frameFeatures: number;
  readonly #contextFrames: number;
  readonly #framesPerStep: number;
  readonly #features: Float32Array;
  /** Of the step's own. */
  #frames = 0;
  #speechFrames = 0;

  constructor(spec: FeatureSpec) {
    this.#normaliser = new StreamingNormaliser(spec.normalisation);
    this.#pitchNormaliser = spec.pitch === undefined ? null : new PitchNormaliser(spec.pitch);
    this.#spectrumFeatures = spectrumFeatureCount(spec);
    this.#frameFeatures = frameFeatureCount(spec);
    this.#contextFrames = spec.contextFrames ?? 0;
    this.#framesPerStep = spec.framesPerStep;
    this.#features = new Float32Array(stepFeatureCount(spec));
  }

  /**
   * Adds one frame. A step is speech when half of its own frames are.
   * @param spectrum length S: MFCC or log mel energies, as the spec says
   * @param pitch not looked at where the model does without
   */
  frame(spectrum: Float32Array, pitch: Pitch, speech: boolean, sink: StepSink): void {
    const at = (this.#contextFrames + this.#frames) * this.#frameFeatures;
    if (speech) {
      this.#normaliser.observe(spectrum);
      this.#pitchNormaliser?.observe(pitch);
      this.#speechFrames++;
    }
    this.#normaliser.apply(spectrum, this.#features, at);
    this.#pitchNormaliser?.apply(pitch, this.#features, at + this.#spectrumFeatures);
    if (++this.#frames < this.#framesPerStep) return;
    const isSpeech = 2 * this.#speechFrames >= this.#framesPerStep;
    this.#frames = 0;
    this.#speechFrames = 0;
    sink.step(this.#features, isSpeech);
    if (this.#contextFrames > 0) {
      this.#features.copyWithin(0, this.#framesPerStep * this.#frameFeatures);
    }
  }

  reset(): void {
    this.#normaliser.reset();
    this.#pitchNormaliser?.reset();
    this.#features.fill(0);
    this.#frames = 0;
    this.#speechFrames = 0;
  }
}
