import {
  type FrameSink,
  PitchTracker,
  StreamingMfcc,
  VoiceActivityDetector,
  WaveformDescriptors,
} from '@undertone/dsp';
import type { FeatureSpec } from './feature-spec.ts';
import { type StepSink, StepStacker } from './step-stacker.ts';

/**
 * One speaker's samples → the model's steps: spectrum, pitch and descriptors every 10 ms, voice activity, streaming normalisation,
 * stacks of `framesPerStep` behind their context. A step is delivered for every 40 ms of audio, silent ones marked, so step k always ends
 * at the same sample: `(k + 1) · framesPerStep · hopSamples + windowSamples − hopSamples`. Allocates nothing per push.
 */
export class SpeakerFeatures {
  readonly #mfcc: StreamingMfcc;
  readonly #voiceActivity: VoiceActivityDetector;
  readonly #pitch: PitchTracker;
  readonly #stacker: StepStacker;
  readonly #frames: FrameSink;
  #sink: StepSink | null = null;

  constructor(spec: FeatureSpec) {
    this.#mfcc = new StreamingMfcc(spec.mfcc);
    this.#voiceActivity = new VoiceActivityDetector(spec.mfcc);
    this.#pitch = new PitchTracker(spec.mfcc.sampleRateHz);
    this.#stacker = new StepStacker(spec);
    const hasPitch = spec.pitch !== undefined;
    const hasDescriptors = spec.descriptors !== undefined;
    const overlapSamples = spec.mfcc.windowSamples - spec.mfcc.hopSamples;
    const waveform = new WaveformDescriptors();
    const nothing: Float32Array = new Float32Array(0);
    const measures = { mfcc: nothing, logMel: nothing, pitch: this.#pitch, waveform };
    this.#frames = {
      frame: (mfcc, logMel, window) => {
        measures.mfcc = mfcc;
        measures.logMel = logMel;
        if (hasPitch) this.#pitch.push(window, overlapSamples);
        if (hasDescriptors) waveform.push(window);
        const speech = this.#voiceActivity.push(logMel) > 0;
        this.#stacker.frame(measures, speech, this.#sink as StepSink);
      },
    };
  }

  /** Consumes mono 16 kHz samples, any number, and delivers the steps that they complete. */
  push(samples: Int16Array, sink: StepSink): void {
    this.#sink = sink;
    this.#mfcc.push(samples, this.#frames);
    this.#sink = null;
  }

  /** Forgets the speaker: for a new voice, or after audio was lost. */
  reset(): void {
    this.beginRecording();
    this.#stacker.reset();
  }

  /** For another recording of the same voice: forgets the room and unfinished frames, not how the voice usually sounds. */
  beginRecording(): void {
    this.#mfcc.reset();
    this.#voiceActivity.reset();
    this.#pitch.reset();
    this.#stacker.beginRecording();
  }
}
