import type { EmotionPoint } from '@undertone/wire';
import type { ShadowComparison } from '../model/shadow-comparison.ts';
import type { StepModel } from './step-model.ts';
import { sameSpec, type TrackListener, VoiceTrack } from './voice-track.ts';

/** Points of the serving model that may wait for the candidate's. */
const maxAwaiting = 512;

/** One speaker as the candidate hears them; what it says is compared with the points served and goes no further. */
export class ShadowVoice implements TrackListener {
  readonly track: VoiceTrack;
  /** Whether the candidate hears the features of the serving model. */
  readonly sharesFeatures: boolean;
  readonly #comparison: ShadowComparison;
  readonly #awaiting: EmotionPoint[] = [];
  readonly #ahead: EmotionPoint[] = [];
  #skipping = false;

  constructor(candidate: StepModel, serving: StepModel, comparison: ShadowComparison) {
    this.#comparison = comparison;
    this.sharesFeatures = sameSpec(candidate, serving);
    this.track = new VoiceTrack(candidate, this);
  }

  /** A point of speech was served. */
  served(point: EmotionPoint): void {
    this.#awaiting.push(point);
    if (this.#awaiting.length > maxAwaiting) this.#awaiting.shift();
    this.#pair();
  }

  /** Lets go of what waits: the candidate must not cost the serving model its time. */
  skip(): void {
    this.#skipping = true;
    this.track.giveUpWaiting();
    this.#skipping = false;
    this.#awaiting.length = 0;
    this.#ahead.length = 0;
  }

  composed(point: EmotionPoint | null): void {
    if (this.#skipping || point?.state !== 'speech') return;
    this.#ahead.push(point);
    if (this.#ahead.length > maxAwaiting) this.#ahead.shift();
    this.#pair();
  }

  step(): void {}

  droppedStep(): void {
    this.#comparison.droppedSteps++;
  }

  droppedPoint(): void {
    this.#comparison.droppedPoints++;
  }

  /** Both rows are in the order of time: compares the points of the same audio, passes over those without another. */
  #pair(): void {
    while (this.#awaiting.length > 0 && this.#ahead.length > 0) {
      const served = this.#awaiting[0];
      const shadow = this.#ahead[0];
      if (served.atMs === shadow.atMs) this.#comparison.add(served, shadow);
      if (served.atMs <= shadow.atMs) this.#awaiting.shift();
      if (shadow.atMs <= served.atMs) this.#ahead.shift();
    }
  }
}
