import {
  confidenceBin,
  confidenceBins,
  emotionLabels,
  frameFeatureCount,
  SpeakerFeatures,
  type StepSink,
  stabilityIndex,
} from '@undertone/models';
import type { EmotionPoint } from '@undertone/wire';
import type { ServedModel } from '../analyzer-parts.ts';
import type { AudioWindow } from '../session/audio-window.ts';
import type { SpeechHistory } from '../session/speech-history.ts';

/** Points after which the distribution of expressions has forgotten 63 %: ten minutes of one voice, seconds of a full floor. */
const memoryPoints = 3_000;
/** Frames looked at after which the statistics of the features have forgotten 63 %; an excerpt has 16. */
const memoryFrames = 32_000;
const excerptSamples = 3_200;
/** The first excerpts are all looked at, later one of so many points: a look costs features. */
const firstExcerpts = 100;
const pointsPerExcerpt = 16;
/** Before this much was heard nothing is said of drift: 10 s of speech. */
const leastExcerpts = 50;
/** A single voice in a single mood is no distribution yet: a minute of speech. */
const leastPoints = 300;
/** So heavy a training mean never moves: what is left of the normalisation is (x − training mean) / training deviation. */
const unmoved = 1e12;

export interface DriftLimits {
  /** Root mean square, over the features, of the shift of their means in deviations of the training data. */
  shiftDeviations: number;
  /** Population stability index of the expressions, and of the confidence; by custom 0.25 is a change worth looking at. */
  stabilityIndex: number;
}

/** What the monitor knows; null where too little was heard, or the model brings no reference. */
export interface Drift {
  drifting: boolean;
  points: number;
  /** Mean posterior of recent points of speech, by expression. */
  expressions: Record<string, number> | null;
  /** Of the expressions. */
  stabilityIndex: number | null;
  /** The same of how often the highest probability lies in which tenth: whether the model is as sure of itself as it was. */
  confidenceIndex: number | null;
  /** See `DriftLimits`. */
  featureShift: number | null;
  /** Root of the mean ratio of the variances: below 1 the voices vary less than those of the training data. */
  featureSpread: number | null;
  /** What counts as drift. */
  limits: DriftLimits;
}

/**
 * Compares what is heard with what the model was trained on, over recent speech of everyone (exponential memory): the
 * means of the cepstral coefficients with the training mean and deviation in the manifest, and the distributions of the
 * expressions and of the confidence with the manifest's reference, if it has one. Constant memory.
 */
export class DriftMonitor {
  readonly #limits: DriftLimits;
  readonly #posterior = new Float64Array(emotionLabels.length);
  readonly #confidence = new Float64Array(confidenceBins);
  #reference: ServedModel['manifest']['reference'];
  #features!: SpeakerFeatures;
  #coefficients = 0;
  #frameFeatures = 0;
  /** Where a step's own frames begin, behind those it shares with the steps before. */
  #firstFrame = 0;
  #mean = new Float64Array(0);
  #square = new Float64Array(0);
  #points = 0;
  #excerpts = 0;
  #frames = 0;
  readonly #sink: StepSink = {
    step: (step) => {
      for (let at = this.#firstFrame; at < step.length; at += this.#frameFeatures) {
        this.#frames++;
        const share = 1 / Math.min(this.#frames, memoryFrames);
        for (let i = 0; i < this.#coefficients; i++) {
          this.#mean[i] += share * (step[at + i] - this.#mean[i]);
          this.#square[i] += share * (step[at + i] ** 2 - this.#square[i]);
        }
      }
    },
  };

  constructor(model: ServedModel, limits: DriftLimits) {
    this.#limits = limits;
    this.follow(model);
  }

  /** Begins anew, against what `model` was trained on. */
  follow({ featureSpec, manifest }: ServedModel): void {
    const { normalisation, contextFrames = 0 } = featureSpec;
    this.#features = new SpeakerFeatures({
      ...featureSpec,
      normalisation: { ...normalisation, priorFrames: unmoved },
    });
    this.#coefficients = normalisation.mean.length;
    this.#frameFeatures = frameFeatureCount(featureSpec);
    this.#firstFrame = contextFrames * this.#frameFeatures;
    this.#mean = new Float64Array(this.#coefficients);
    this.#square = new Float64Array(this.#coefficients);
    this.#posterior.fill(0);
    this.#confidence.fill(0);
    this.#reference = manifest.reference;
    this.#points = 0;
    this.#excerpts = 0;
    this.#frames = 0;
  }

  /** Takes a point of speech, whose audio is the newest in `history`. */
  spoke(
    { probabilities }: EmotionPoint,
    { speechSteps, concealedShare }: AudioWindow,
    history: SpeechHistory,
  ): void {
    if (probabilities === null || concealedShare > 0) return;
    this.#points++;
    const share = 1 / Math.min(this.#points, memoryPoints);
    for (let k = 0; k < probabilities.length; k++)
      this.#posterior[k] += share * (probabilities[k] - this.#posterior[k]);
    for (let bin = 0; bin < confidenceBins; bin++) this.#confidence[bin] -= share * this.#confidence[bin];
    this.#confidence[confidenceBin(probabilities)] += share;
    const due = this.#excerpts < firstExcerpts || this.#points % pointsPerExcerpt === 0;
    if (due && speechSteps > 1 && history.length >= excerptSamples) this.#examine(history);
  }

  /** What is known now. */
  read(): Drift {
    const judged = this.#reference !== undefined && this.#points >= leastPoints ? this.#reference : null;
    const expressionIndex = judged && stabilityIndex(this.#posterior, judged.posterior);
    const confidenceIndex = judged && stabilityIndex(this.#confidence, judged.confidence);
    const heard = this.#excerpts >= leastExcerpts;
    const featureShift = heard ? Math.sqrt(meanOf(this.#mean, (mean) => mean * mean)) : null;
    const variance = (mean: number, i: number) => Math.max(0, this.#square[i] - mean * mean);
    return {
      drifting:
        (featureShift ?? 0) > this.#limits.shiftDeviations ||
        Math.max(expressionIndex ?? 0, confidenceIndex ?? 0) > this.#limits.stabilityIndex,
      points: this.#points,
      expressions:
        this.#points === 0
          ? null
          : Object.fromEntries(emotionLabels.map((label, k) => [label, rounded(this.#posterior[k])])),
      stabilityIndex: expressionIndex === null ? null : rounded(expressionIndex),
      confidenceIndex: confidenceIndex === null ? null : rounded(confidenceIndex),
      featureShift: featureShift === null ? null : rounded(featureShift),
      featureSpread: heard ? rounded(Math.sqrt(meanOf(this.#mean, variance))) : null,
      limits: this.#limits,
    };
  }

  #examine(history: SpeechHistory): void {
    this.#excerpts++;
    this.#features.reset();
    history.replay(excerptSamples, (samples) => this.#features.push(samples, this.#sink));
  }
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

function meanOf(values: Float64Array, of: (value: number, i: number) => number): number {
  let sum = 0;
  for (const [i, value] of values.entries()) sum += of(value, i);
  return sum / values.length;
}
