import { SpeakerFeatures, type StepSink } from '@undertone/models';
import { type EmotionPoint, pcmSampleRateHz } from '@undertone/wire';
import type { AudioWindow } from './audio-window.ts';
import { PointComposer } from './point-composer.ts';
import type { SpeechHistory } from './speech-history.ts';
import type { StepModel } from './step-model.ts';
import { StepQueue } from './step-queue.ts';

/** Five seconds of speech may wait for the model. */
const maxWaitingSteps = 128;
/** Windows are small: those of a minute and a half may wait for their steps. */
const maxWaitingWindows = 512;
const windowMs = 200;
const samplesPerMs = pcmSampleRateHz / 1_000;

/** Hears of what a track makes and loses. */
export interface TrackListener {
  /** A step was completed. */
  step(speech: boolean): void;
  /** A step gave way, or was given up, because the model could not keep up. */
  droppedStep(): void;
  /** A window's point will never be made because the model could not keep up. */
  droppedPoint(): void;
  /** The next window is judged; null where lasting silence needs no point. */
  composed(point: EmotionPoint | null, window: AudioWindow): void;
}

/**
 * One speaker as one model hears them: features, the steps and windows that wait, the model's state, the judgement.
 * A session has one track for the model that serves, and another while a candidate listens along.
 */
export class VoiceTrack {
  readonly model: StepModel;
  /** [S] the model's state after the last judged step. */
  readonly state: Float32Array;
  /** Also takes every step of this track: a track with the same features that needs none of its own. */
  follower: VoiceTrack | null = null;
  readonly #features: SpeakerFeatures;
  /** Whether the features are the predecessor's. */
  readonly #inherited: boolean;
  readonly #steps: StepQueue;
  readonly #composer: PointComposer;
  readonly #listener: TrackListener;
  readonly #windows: AudioWindow[] = [];
  #judgedSteps = 0;
  #windowSpeechSteps = 0;
  readonly #sink: StepSink = {
    step: (features, speech) => {
      this.step(features, speech);
      this.follower?.step(features, speech);
    },
  };

  /** @param predecessor of the same speaker, with nothing waiting: goes on with its unfinished window, and its features where they are the same */
  constructor(model: StepModel, listener: TrackListener, predecessor: VoiceTrack | null = null) {
    this.model = model;
    this.state = model.initialState();
    this.#listener = listener;
    this.#steps = new StepQueue(maxWaitingSteps, model.stepFeatureCount);
    this.#composer = predecessor === null ? new PointComposer(model.stepMs, windowMs) : predecessor.#composer;
    this.#composer.follow(model.stepMs);
    this.#windowSpeechSteps = predecessor === null ? 0 : predecessor.#windowSpeechSteps;
    this.#inherited = predecessor !== null && sameSpec(predecessor.model, model);
    this.#features =
      this.#inherited && predecessor ? predecessor.#features : new SpeakerFeatures(model.featureSpec);
  }

  /** Steps that wait for the model. */
  get waitingSteps(): number {
    return this.#steps.length;
  }

  /** Whether nothing waits. */
  get settled(): boolean {
    return this.#steps.length === 0 && this.#windows.length === 0;
  }

  /**
   * Hears the speech of `history` again with features of its own, which the track goes on with unless it has its
   * predecessor's. @returns [steps, F] the steps of speech in it
   */
  recollect(history: SpeechHistory): Float32Array {
    const { stepFeatureCount, featureSpec, stepMs } = this.model;
    const most = Math.ceil(history.length / samplesPerMs / stepMs);
    const steps = new Float32Array(most * stepFeatureCount);
    let count = 0;
    const sink: StepSink = {
      step: (features, speech) => {
        if (speech && count < most) steps.set(features, count++ * stepFeatureCount);
      },
    };
    const features = this.#inherited ? new SpeakerFeatures(featureSpec) : this.#features;
    history.replay(history.length, (samples) => features.push(samples, sink));
    return steps.subarray(0, count * stepFeatureCount);
  }

  /** Takes the next samples. */
  hear(samples: Int16Array): void {
    this.#features.push(samples, this.#sink);
  }

  /** Takes the next step, whosever features it comes from. */
  step(features: Float32Array, speech: boolean): void {
    this.#listener.step(speech);
    if (!speech) return;
    this.#windowSpeechSteps++;
    if (this.#steps.push(features)) this.#listener.droppedStep();
  }

  /** The audio of a point is complete. */
  endWindow(atMs: number, concealedShare: number): void {
    if (this.#windows.length === maxWaitingWindows) {
      this.#windows.shift();
      this.#listener.droppedPoint();
    }
    this.#windows.push({
      atMs,
      afterSteps: this.#steps.pushed,
      speechSteps: this.#windowSpeechSteps,
      concealedShare,
    });
    this.#windowSpeechSteps = 0;
    this.compose();
  }

  /** Moves the oldest waiting step into `target` from `offset`; `judge` must follow, or `giveUp`. */
  takeStep(target: Float32Array, offset: number): void {
    this.#steps.shift(target, offset);
  }

  /** The model's outputs for the step taken last, from `offset`. */
  judge(outputs: Float32Array, offset: number): void {
    this.compose();
    this.#judgedSteps++;
    this.#composer.judge(outputs, offset);
  }

  /** The step taken last could not be judged. */
  giveUp(): void {
    this.compose();
    this.#judgedSteps++;
  }

  /** Lets go of every waiting step; the points are made from what was judged before. */
  giveUpWaiting(): void {
    for (; this.#steps.length > 0; this.#steps.drop()) {
      this.giveUp();
      this.#listener.droppedStep();
    }
    this.compose();
  }

  /** Makes the points of the windows that wait for no step, before a later step changes the judgement. */
  compose(): void {
    const settled = this.#judgedSteps + this.#steps.dropped;
    while (this.#windows.length > 0 && this.#windows[0].afterSteps <= settled) {
      const window = this.#windows.shift() as AudioWindow;
      this.#listener.composed(this.#composer.compose(window), window);
    }
  }
}

/** Whether two models hear the same features. Specs come from manifests read through one schema: same order of keys. */
export const sameSpec = (a: StepModel, b: StepModel): boolean =>
  JSON.stringify(a.featureSpec) === JSON.stringify(b.featureSpec);
