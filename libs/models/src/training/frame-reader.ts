import { CepstralTransform } from '@undertone/dsp';
import type { SpectrumSpec } from '../features/feature-spec.ts';
import type { FrameMeasures } from '../features/frame-measures.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Reads a clip's frames, cached and perhaps augmented, as the measures that live audio would give. */
export class FrameReader implements FrameMeasures {
  readonly mfcc: Float32Array;
  readonly logMel: Float32Array;
  readonly pitch = { logHz: 0, voicing: 0 };
  readonly waveform = { energy: 0, peak: 0, zeroCrossings: 0 };
  /** Null where MFCC are not looked at. */
  readonly #transform: CepstralTransform | null;
  readonly #logBands: Float64Array;

  constructor({ mfcc: { coefficients, melBands, lifter }, spectrum }: SpectrumSpec) {
    this.mfcc = new Float32Array(coefficients);
    this.logMel = new Float32Array(melBands);
    this.#transform = spectrum === 'log-mel' ? null : new CepstralTransform(coefficients, melBands, lifter);
    this.#logBands = new Float64Array(melBands);
  }

  /** Reads frame `t` of `clip`; its measures are overwritten by the next. */
  read({ bands, logMel, pitch, waveform }: SpeechFrames, t: number): void {
    for (let b = 0; b < bands; b++) this.logMel[b] = logMel[t * bands + b];
    if (this.#transform !== null) {
      this.#logBands.set(this.logMel);
      this.#transform.apply(this.#logBands, this.mfcc);
    }
    this.pitch.logHz = pitch[2 * t];
    this.pitch.voicing = pitch[2 * t + 1];
    if (waveform === null) return;
    this.waveform.energy = waveform[3 * t];
    this.waveform.peak = waveform[3 * t + 1];
    this.waveform.zeroCrossings = waveform[3 * t + 2];
  }
}
