import { SpeakerFeatures, type StepSink } from '@undertone/models';
import { type EmotionPoint, type PcmFrame, pcmSampleRateHz } from '@undertone/wire';
import type { AudioWindow } from './audio-window.ts';
import { FrameOrder } from './frame-order.ts';
import { PointComposer } from './point-composer.ts';
import type { SessionCounts } from './session-counts.ts';
import type { StepModel } from './step-model.ts';
import { StepQueue } from './step-queue.ts';

/** A point every 200 ms of audio. */
const pointSamples = 3_200;
const samplesPerMs = pcmSampleRateHz / 1_000;
/** Five seconds of speech may wait for the model. */
const maxWaitingSteps = 128;
/** Windows are small: those of a minute and a half may wait for their steps. */
const maxWaitingWindows = 512;
/** With so many steps waiting the sender should pause, and below the second number go on. */
const congestedSteps = 32;
const relievedSteps = 8;
/** Digital silence goes through the features until the voice activity detector has let go; then it costs nothing. */
const silenceTail = 6_400;
const zeros = new Int16Array(pointSamples);

/**
 * One analysed speaker: samples in, steps for the model in between, points out. Holds everything that belongs to the
 * speaker: features, the model's state, what waits, what was heard. Points depend on the samples alone, not on how they
 * were cut into frames or when the model was run.
 */
export class SpeakerSession {
  /** [S] the model's state after the last judged step. */
  readonly state: Float32Array;
  readonly #features: SpeakerFeatures;
  readonly #steps: StepQueue;
  readonly #sink: StepSink;
  readonly #composer: PointComposer;
  readonly #order = new FrameOrder();
  readonly #counts: SessionCounts;
  readonly #windows: AudioWindow[] = [];
  /** Made and not yet taken; bounded, since they are taken after every tick. */
  #points: EmotionPoint[] | null = null;
  #judgedSteps = 0;
  /** Samples since the last window ended. */
  #windowSamples = 0;
  #windowSpeechSteps = 0;
  #windowConcealed = 0;
  #windowLost = 0;
  #silenceSamples = 0;
  #lastPointMs = Number.NEGATIVE_INFINITY;

  constructor(model: StepModel, counts: SessionCounts) {
    this.state = model.initialState();
    this.#features = new SpeakerFeatures(model.featureSpec);
    this.#steps = new StepQueue(maxWaitingSteps, model.stepFeatureCount);
    this.#composer = new PointComposer(model.stepMs, pointSamples / samplesPerMs);
    this.#counts = counts;
    this.#sink = {
      step: (features, speech) => {
        if (!speech) {
          this.#counts.silentSteps++;
          return;
        }
        this.#windowSpeechSteps++;
        if (this.#steps.push(features)) this.#counts.droppedSteps++;
      },
    };
  }

  /** Steps that wait for the model. */
  get waitingSteps(): number {
    return this.#steps.length;
  }

  /** Whether more audio now would only wait. What one read from a socket holds still fits. */
  get congested(): boolean {
    return this.#steps.length >= congestedSteps;
  }

  /** Whether a congestion is over. */
  get relieved(): boolean {
    return this.#steps.length <= relievedSteps;
  }

  /** Whether nothing waits: every point that the audio gives has been taken. */
  get settled(): boolean {
    return this.#steps.length === 0 && this.#windows.length === 0 && this.#points === null;
  }

  /** Takes the next frame. Frames that come late or twice are counted and ignored. */
  receive(frame: PcmFrame): void {
    const { sampleCount, samples } = frame;
    if (!this.#order.accept(frame)) {
      this.#counts.staleFrames++;
      return;
    }
    this.#counts.missingFrames += this.#order.missingFrames;
    this.#counts.concealedSamples += frame.concealedSamples;
    this.#windowLost += this.#order.lostSamples;
    const concealedPerSample = frame.concealedSamples / sampleCount;
    for (let from = 0; from < sampleCount; ) {
      const count = Math.min(sampleCount - from, pointSamples - this.#windowSamples);
      if (samples === null) this.#hearSilence(count);
      else this.#hear(count === sampleCount ? samples : samples.subarray(from, from + count));
      from += count;
      this.#windowSamples += count;
      this.#windowConcealed += concealedPerSample * count;
      if (this.#windowSamples === pointSamples) this.#endWindow(frame.captureMs + from / samplesPerMs);
    }
  }

  /** A new stream carries the speaker from here on: its frames are counted afresh. */
  restream(): void {
    this.#order.restart();
  }

  /** Moves the oldest waiting step into `target` from `offset`; `judge` must follow, or `giveUp`. */
  takeStep(target: Float32Array, offset: number): void {
    this.#steps.shift(target, offset);
  }

  /** The model's outputs for the step taken last, from `offset`. */
  judge(outputs: Float32Array, offset: number): void {
    this.#composeSettled();
    this.#judgedSteps++;
    this.#composer.judge(outputs, offset);
  }

  /** The step taken last could not be judged. */
  giveUp(): void {
    this.#composeSettled();
    this.#judgedSteps++;
  }

  /** The points whose steps have all been judged, oldest first; null if there are none. */
  takePoints(): EmotionPoint[] | null {
    this.#composeSettled();
    const points = this.#points;
    this.#points = null;
    return points;
  }

  /** Makes the points of the windows that wait for no step, before a later step changes the judgement. */
  #composeSettled(): void {
    const settled = this.#judgedSteps + this.#steps.dropped;
    while (this.#windows.length > 0 && this.#windows[0].afterSteps <= settled) {
      const point = this.#composer.compose(this.#windows.shift() as AudioWindow);
      if (point !== null) this.#add(point);
    }
  }

  #add(point: EmotionPoint): void {
    // Where the capture clock was set back, the timeline waits for it: it only goes forward.
    if (point.atMs <= this.#lastPointMs) {
      this.#counts.pointsOutOfOrder++;
      return;
    }
    this.#lastPointMs = point.atMs;
    this.#counts.points[point.state]++;
    this.#points ??= [];
    this.#points.push(point);
  }

  #hear(samples: Int16Array): void {
    this.#silenceSamples = 0;
    this.#features.push(samples, this.#sink);
  }

  #hearSilence(count: number): void {
    const through = Math.min(count, silenceTail - this.#silenceSamples);
    if (through > 0) this.#features.push(zeros.subarray(0, through), this.#sink);
    this.#silenceSamples = Math.min(this.#silenceSamples + count, silenceTail);
  }

  #endWindow(atMs: number): void {
    if (this.#windows.length === maxWaitingWindows) {
      this.#windows.shift();
      this.#counts.droppedPoints++;
    }
    const made = this.#windowConcealed + this.#windowLost;
    this.#windows.push({
      atMs,
      afterSteps: this.#steps.pushed,
      speechSteps: this.#windowSpeechSteps,
      concealedShare: Math.min(1, made / (pointSamples + this.#windowLost)),
    });
    this.#windowSamples = 0;
    this.#windowSpeechSteps = 0;
    this.#windowConcealed = 0;
    this.#windowLost = 0;
    this.#composeSettled();
  }
}
