import { emotionLabels, SmoothedJudgement } from '@undertone/models';
import type { EmotionPoint, PointState } from '@undertone/wire';
import type { AudioWindow } from './audio-window.ts';
import { OwnNormal } from './own-normal.ts';

/** Speech heard before a judgement counts as one: about a short sentence. */
const warmUpMs = 1_000;
/** Confidence has gained 63 % of what more speech can add after this much of it. */
const acquaintanceMs = 2_000;
/** After this long without speech the next utterance is judged by itself. */
const utteranceGapMs = 2_000;
/** Above this share of made-up audio the point is `concealed`. */
const concealedShareLimit = 0.5;
/** What is left of the confidence when the last judgement is only held. */
const heldConfidence = 0.3;
/** Share of the newest window in the remembered share of concealed audio: about a second. */
const concealmentMemory = 0.3;
/** In lasting silence one point of this many windows is sent. */
const silentWindowsPerPoint = 3;

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * Turns the model's outputs and what is known of the audio into the points of one speaker.
 *
 * confidence = acquaintance · decidedness · intactness, where acquaintance = 1 − exp(−speech heard / 2 s),
 * decidedness = how far the largest posterior is above chance (0 for a uniform posterior, 1 for a certain one) and
 * intactness = 1 − share of concealed audio over about the last second; a held judgement keeps 0.3 of it.
 * change = deviations from the speaker's own normal, once there is one (`OwnNormal`).
 * In lasting silence only every third window makes a point.
 */
export class PointComposer {
  #stepMs: number;
  readonly #windowMs: number;
  readonly #judgement: SmoothedJudgement;
  #ownNormal = new OwnNormal();
  #speechMs = 0;
  #silentMs = 0;
  #silentWindows = 0;
  #concealed = 0;

  /** @param stepMs audio of one step @param windowMs audio of one point */
  constructor(stepMs: number, windowMs: number) {
    this.#stepMs = stepMs;
    this.#windowMs = windowMs;
    this.#judgement = new SmoothedJudgement(stepMs, emotionLabels.length);
  }

  /** Another model goes on judging, with steps of `stepMs`. The speaker's own normal is of one model's making and begins anew. */
  follow(stepMs: number): void {
    this.#stepMs = stepMs;
    this.#judgement.follow(stepMs);
    this.#ownNormal = new OwnNormal();
  }

  /** Takes the model's outputs of the next step of speech. */
  judge(outputs: Float32Array, offset: number): void {
    if (this.#silentMs >= utteranceGapMs) this.#judgement.restart();
    this.#silentMs = 0;
    this.#speechMs += this.#stepMs;
    this.#judgement.add(outputs, offset);
  }

  /** The point of `window`; null where lasting silence needs none. */
  compose(window: AudioWindow): EmotionPoint | null {
    this.#concealed += concealmentMemory * (window.concealedShare - this.#concealed);
    if (window.speechSteps === 0) this.#silentMs += this.#windowMs;
    const state = this.#stateOf(window);
    if (state === 'silence') return this.#silence(window.atMs);
    this.#silentWindows = 0;
    return this.#judged(window.atMs, state);
  }

  #stateOf({ concealedShare, speechSteps }: AudioWindow): PointState {
    if (concealedShare > concealedShareLimit) return 'concealed';
    if (speechSteps === 0) return 'silence';
    return this.#speechMs < warmUpMs ? 'warming-up' : 'speech';
  }

  #silence(atMs: number): EmotionPoint | null {
    if (this.#silentWindows++ % silentWindowsPerPoint !== 0) return null;
    return { atMs, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 };
  }

  #judged(atMs: number, state: PointState): EmotionPoint {
    const { probabilities, valence, arousal, steps } = this.#judgement;
    if (steps === 0) return { atMs, state, probabilities: null, valence: null, arousal: null, confidence: 0 };
    const change =
      state === 'speech' ? this.#ownNormal.change(clamp(valence, -1, 1), clamp(arousal, -1, 1)) : null;
    const shares: number[] = [];
    for (let k = 0; k < probabilities.length; k++) shares.push(rounded(clamp(probabilities[k], 0, 1)));
    return {
      atMs,
      state,
      probabilities: shares,
      valence: rounded(clamp(valence, -1, 1)),
      arousal: rounded(clamp(arousal, -1, 1)),
      confidence: rounded(this.#confidence(probabilities, state)),
      ...(change && { change: { valence: rounded(change.valence), arousal: rounded(change.arousal) } }),
    };
  }

  #confidence(probabilities: Float64Array, state: PointState): number {
    const chance = 1 / probabilities.length;
    const acquaintance = 1 - Math.exp(-this.#speechMs / acquaintanceMs);
    let largest = 0;
    for (let k = 0; k < probabilities.length; k++) largest = Math.max(largest, probabilities[k]);
    const decidedness = (largest - chance) / (1 - chance);
    const intactness = 1 - this.#concealed;
    const held = state === 'concealed' ? heldConfidence : 1;
    return clamp(acquaintance * decidedness * intactness * held, 0, 1);
  }
}
