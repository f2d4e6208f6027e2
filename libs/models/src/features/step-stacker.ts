import { CausalDelta } from '@undertone/dsp';
import { DescriptorNormaliser } from './descriptor-normaliser.ts';
import {
  type FeatureSpec,
  frameFeatureCount,
  pitchFeatureCount,
  spectrumFeatureCount,
  stepFeatureCount,
} from './feature-spec.ts';
import type { FrameMeasures } from './frame-measures.ts';
import { PitchNormaliser } from './pitch-normaliser.ts';
import { StreamingNormaliser } from './streaming-normaliser.ts';

/**
 * What Δ of a normalised spectrum, and ΔΔ of that, are multiplied by: measured in speech of RAVDESS, EmoDB and nEMO, their
 * deviations are 0.17–0.27 and 0.07–0.11.
 */
const deltaGains = [4, 2.5];

/** Receives one step every `framesPerStep` frames, speech or not, so that steps count time. */
export interface StepSink {
  /**
   * @param features length F, normalised; belongs to the caller and is overwritten by the next step
   * @param speech false: the model must not see this step and its state stays as it is
   */
  step(features: Float32Array, speech: boolean): void;
}

/**
 * Normalises frames and stacks them into steps: what live audio and training share once a frame is measured. A step begins
 * with `contextFrames` frames as they were normalised in their own time; at the beginning they are zeros, the training mean.
 * A frame is its spectrum, Δ, ΔΔ, pitch, descriptors; silent frames count in Δ and as context. `frame` allocates nothing.
 */
export class StepStacker {
  readonly #isLogMel: boolean;
  readonly #normaliser: StreamingNormaliser;
  readonly #deltas: CausalDelta[];
  readonly #pitchNormaliser: PitchNormaliser | null;
  readonly #descriptorNormaliser: DescriptorNormaliser | null;
  readonly #spectrumFeatures: number;
  readonly #frameFeatures: number;
  readonly #contextFrames: number;
  readonly #framesPerStep: number;
  readonly #features: Float32Array;
  /** Of the step's own. */
  #frames = 0;
  #speechFrames = 0;

  constructor(spec: FeatureSpec) {
    const { pitch, descriptors, normalisation } = spec;
    this.#isLogMel = spec.spectrum === 'log-mel';
    this.#normaliser = new StreamingNormaliser(normalisation);
    this.#pitchNormaliser = pitch === undefined ? null : new PitchNormaliser(pitch);
    this.#descriptorNormaliser =
      descriptors === undefined
        ? null
        : new DescriptorNormaliser(descriptors, spec.mfcc.melBands, normalisation);
    this.#spectrumFeatures = spectrumFeatureCount(spec);
    this.#deltas = deltaGains
      .slice(0, spec.deltas ?? 0)
      .map((gain) => new CausalDelta(this.#spectrumFeatures, gain));
    this.#frameFeatures = frameFeatureCount(spec);
    this.#contextFrames = spec.contextFrames ?? 0;
    this.#framesPerStep = spec.framesPerStep;
    this.#features = new Float32Array(stepFeatureCount(spec));
  }

  /** Adds one frame. A step is speech when half of its own frames are. */
  frame(measures: FrameMeasures, speech: boolean, sink: StepSink): void {
    const features = this.#features;
    const { pitch } = measures;
    const spectrum = this.#isLogMel ? measures.logMel : measures.mfcc;
    this.#descriptorNormaliser?.push(measures, speech);
    if (speech) {
      this.#normaliser.observe(spectrum);
      this.#pitchNormaliser?.observe(pitch);
      this.#speechFrames++;
    }
    let at = (this.#contextFrames + this.#frames) * this.#frameFeatures;
    this.#normaliser.apply(spectrum, features, at);
    at += this.#spectrumFeatures;
    for (let order = 0; order < this.#deltas.length; order++) {
      this.#deltas[order].push(features, at - this.#spectrumFeatures, at);
      at += this.#spectrumFeatures;
    }
    if (this.#pitchNormaliser !== null) {
      this.#pitchNormaliser.apply(pitch, features, at);
      at += pitchFeatureCount;
    }
    this.#descriptorNormaliser?.apply(features, at);
    if (++this.#frames === this.#framesPerStep) this.#deliver(sink);
  }

  /**
   * Learns how the speaker usually sounds from one frame of earlier speech, as if it had been heard `frames` times. No
   * step sees that frame.
   */
  acquaint(measures: FrameMeasures, frames: number): void {
    this.#normaliser.observe(this.#isLogMel ? measures.logMel : measures.mfcc, frames);
    this.#pitchNormaliser?.observe(measures.pitch, frames);
    this.#descriptorNormaliser?.observe(measures, frames);
  }

  /** Forgets the speaker. */
  reset(): void {
    this.#normaliser.reset();
    this.#pitchNormaliser?.reset();
    this.#descriptorNormaliser?.reset();
    this.beginRecording();
  }

  /** Forgets unfinished steps and the frames before, not what was learned of the speaker. */
  beginRecording(): void {
    for (const deltas of this.#deltas) deltas.reset();
    this.#features.fill(0);
    this.#frames = 0;
    this.#speechFrames = 0;
  }

  #deliver(sink: StepSink): void {
    const isSpeech = 2 * this.#speechFrames >= this.#framesPerStep;
    this.#frames = 0;
    this.#speechFrames = 0;
    sink.step(this.#features, isSpeech);
    if (this.#contextFrames > 0) {
      this.#features.copyWithin(0, this.#framesPerStep * this.#frameFeatures);
    }
  }
}
