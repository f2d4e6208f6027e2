import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import { StepStacker } from '../features/step-stacker.ts';
import { SpectrumFrames } from './spectrum-frames.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Turns a clip's log mel and pitch frames into the steps that the model would see live: the speech ones, normalised. */
export class ClipStepper {
  readonly #spec: FeatureSpec;
  readonly #spectra: SpectrumFrames;
  readonly #stacker: StepStacker;
  readonly #pitch = { logHz: 0, voicing: 0 };

  constructor(spec: FeatureSpec) {
    this.#spec = spec;
    this.#spectra = new SpectrumFrames(spec);
    this.#stacker = new StepStacker(spec);
  }

  /** [T, F] */
  steps({ bands, logMel, pitch, speech }: SpeechFrames): Float32Array {
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
    for (let frame = 0; frame < speech.length; frame++) {
      this.#spectra.read(logMel, frame * bands);
      this.#pitch.logHz = pitch[2 * frame];
      this.#pitch.voicing = pitch[2 * frame + 1];
      this.#stacker.frame(this.#spectra.spectrum, this.#pitch, speech[frame] === 1, sink);
    }
    return steps.subarray(0, written);
  }
}
