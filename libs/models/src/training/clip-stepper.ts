import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import { StepStacker } from '../features/step-stacker.ts';
import type { EarlierSpeech } from './earlier-speech.ts';
import { FrameReader } from './frame-reader.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Turns a clip's frames into the steps that the model would see live: the speech ones, normalised. */
export class ClipStepper {
  readonly #spec: FeatureSpec;
  readonly #reader: FrameReader;
  readonly #stacker: StepStacker;

  constructor(spec: FeatureSpec) {
    this.#spec = spec;
    this.#reader = new FrameReader(spec);
    this.#stacker = new StepStacker(spec);
  }

  /**
   * [T, F]
   * @param earlier what has been heard of the speaker before, if anything
   * @throws Error when the model is given descriptors and `clip` was extracted without its waveform's
   */
  steps(clip: SpeechFrames, earlier: EarlierSpeech | null = null): Float32Array {
    const { speech, waveform } = clip;
    if (waveform === null && this.#spec.descriptors !== undefined)
      throw new Error('the model is given descriptors: extract the clip with those of its waveform');
    const F = stepFeatureCount(this.#spec);
    const steps = new Float32Array(Math.floor(speech.length / this.#spec.framesPerStep) * F);
    let written = 0;
    const sink = {
      step: (features: Float32Array, isSpeech: boolean) => {
        if (!isSpeech) return;
        steps.set(features, written);
        written += F;
      },
    };
    this.#stacker.reset();
    if (earlier !== null) this.#acquaint(earlier);
    for (let t = 0; t < speech.length; t++) {
      this.#reader.read(clip, t);
      this.#stacker.frame(this.#reader, speech[t] === 1, sink);
    }
    return steps.subarray(0, written);
  }

  /** A sample of the frames stands for all that was heard. */
  #acquaint({ frames, heardFrames }: EarlierSpeech): void {
    const count = frames.speech.length;
    for (let t = 0; t < count; t++) {
      this.#reader.read(frames, t);
      this.#stacker.acquaint(this.#reader, heardFrames / count);
    }
  }
}
