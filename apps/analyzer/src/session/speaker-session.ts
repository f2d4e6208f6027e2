import { type EmotionPoint, type PcmFrame, pcmSampleRateHz } from '@undertone/wire';
import type { DriftMonitor } from '../model/drift-monitor.ts';
import type { AudioWindow } from './audio-window.ts';
import { FrameOrder } from './frame-order.ts';
import type { SessionCounts } from './session-counts.ts';
import type { ShadowVoice } from './shadow-voice.ts';
import { SpeechHistory } from './speech-history.ts';
import type { StepModel } from './step-model.ts';
import { type TrackListener, VoiceTrack } from './voice-track.ts';

/** A point every 200 ms of audio. */
const pointSamples = 3_200;
const samplesPerMs = pcmSampleRateHz / 1_000;
/** With so many steps waiting the sender should pause, and below the second number go on. */
const congestedSteps = 32;
const relievedSteps = 8;
/** Digital silence goes through the features until the voice activity detector has let go; then it costs nothing. */
const silenceTail = 6_400;
const zeros = new Int16Array(pointSamples);

/**
 * One analysed speaker: samples in, steps for the model in between, points out. Holds everything that belongs to the
 * speaker: order of frames, recent speech, the track of the model that serves, what was made. Points depend on the
 * samples alone, not on how they were cut into frames or when the model was run.
 */
export class SpeakerSession implements TrackListener {
  /** The speaker as the serving model hears them. */
  track: VoiceTrack;
  readonly #history = new SpeechHistory();
  readonly #order = new FrameOrder();
  readonly #counts: SessionCounts;
  readonly #drift: DriftMonitor | null;
  #shadow: ShadowVoice | null = null;
  /** Made and not yet taken; bounded, since they are taken after every tick. */
  #points: EmotionPoint[] | null = null;
  /** Samples since the last window ended. */
  #windowSamples = 0;
  #windowConcealed = 0;
  #windowLost = 0;
  #silenceSamples = 0;
  #lastPointMs = Number.NEGATIVE_INFINITY;

  constructor(model: StepModel, counts: SessionCounts, drift: DriftMonitor | null = null) {
    this.#counts = counts;
    this.#drift = drift;
    this.track = new VoiceTrack(model, this);
  }

  /** Steps that wait for the model. */
  get waitingSteps(): number {
    return this.track.waitingSteps;
  }

  /** Whether more audio now would only wait. What one read from a socket holds still fits. */
  get congested(): boolean {
    return this.waitingSteps >= congestedSteps;
  }

  /** Whether a congestion is over. */
  get relieved(): boolean {
    return this.waitingSteps <= relievedSteps;
  }

  /** Whether nothing waits: every point that the audio gives has been taken. */
  get settled(): boolean {
    return this.track.settled && this.#points === null;
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

  /** The points whose steps have all been judged, oldest first; null if there are none. */
  takePoints(): EmotionPoint[] | null {
    this.track.compose();
    const points = this.#points;
    this.#points = null;
    return points;
  }

  /**
   * From the next sample on `model` judges. Steps that still wait are given up.
   * @returns [steps, F] the speech of the last seconds as `model` hears it, with which its state is brought up to date
   */
  follow(model: StepModel): Float32Array {
    this.track.giveUpWaiting();
    const before = this.track;
    this.track = new VoiceTrack(model, this, before);
    return this.track.recollect(this.#history);
  }

  /** A candidate listens along; null: no more. */
  shadowWith(shadow: ShadowVoice | null): void {
    this.track.follower = shadow?.sharesFeatures ? shadow.track : null;
    this.#shadow = shadow;
  }

  step(speech: boolean): void {
    if (speech) this.#history.spoke();
    else this.#counts.silentSteps++;
  }

  droppedStep(): void {
    this.#counts.droppedSteps++;
  }

  droppedPoint(): void {
    this.#counts.droppedPoints++;
  }

  composed(point: EmotionPoint | null, window: AudioWindow): void {
    if (point === null) return;
    // Where the capture clock was set back, the timeline waits for it: it only goes forward.
    if (point.atMs <= this.#lastPointMs) {
      this.#counts.pointsOutOfOrder++;
      return;
    }
    this.#lastPointMs = point.atMs;
    this.#counts.points[point.state]++;
    this.#points ??= [];
    this.#points.push(point);
    if (point.state !== 'speech') return;
    this.#shadow?.served(point);
    this.#drift?.spoke(point, window, this.#history);
  }

  #hear(samples: Int16Array): void {
    this.#silenceSamples = 0;
    this.#listen(samples);
  }

  #hearSilence(count: number): void {
    const through = Math.min(count, silenceTail - this.#silenceSamples);
    if (through > 0) this.#listen(zeros.subarray(0, through));
    this.#silenceSamples = Math.min(this.#silenceSamples + count, silenceTail);
  }

  #listen(samples: Int16Array): void {
    this.#history.add(samples);
    this.track.hear(samples);
    if (this.#shadow && !this.#shadow.sharesFeatures) this.#shadow.track.hear(samples);
  }

  #endWindow(atMs: number): void {
    const made = this.#windowConcealed + this.#windowLost;
    const concealedShare = Math.min(1, made / (pointSamples + this.#windowLost));
    this.#windowSamples = 0;
    this.#windowConcealed = 0;
    this.#windowLost = 0;
    this.track.endWindow(atMs, concealedShare);
    this.#shadow?.track.endWindow(atMs, concealedShare);
  }
}
