import { CepstralTransform } from '@undertone/dsp';
import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import { StepStacker } from '../features/step-stacker.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Turns a clip's log mel and pitch frames into the steps that the model would see live: the speech ones, normalised. */
export class ClipStepper {
  readonly #spec: FeatureSpec;
  readonly #transform: CepstralTransform;
  readonly #stacker: StepStacker;
  readonly #logBands: Float64Array;
  readonly #mfcc: Float32Array;
  readonly #pitch = { logHz: 0, voicing: 0 };

  constructor(spec: FeatureSpec) {
    this.#spec = spec;
    this.#transform = new CepstralTransform(spec.mfcc.coefficients, spec.mfcc.melBands, spec.mfcc.lifter);
    this.#stacker = new StepStacker(spec);
    this.#logBands = new Float64Array(spec.mfcc.melBands);
    this.#mfcc = new Float32Array(spec.mfcc.coefficients);
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
      for (let b = 0; b < bands; b++) this.#logBands[b] = logMel[frame * bands + b];
      this.#transform.apply(this.#logBands, this.#mfcc);
      this.#pitch.logHz = pitch[2 * frame];
      this.#pitch.voicing = pitch[2 * frame + 1];
      this.#stacker.frame(this.#mfcc, this.#pitch, speech[frame] === 1, sink);
    }
    return steps.subarray(0, written);
  }
}
