import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import { emotionLabels } from '../model/emotion-label.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { augment } from './augmentation.ts';
import { ClipStepper } from './clip-stepper.ts';
import { cropSpeech } from './crop-speech.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';

const C = emotionLabels.length;
/** No judgement is asked before this many steps (0.4 s of speech). */
const earliestMoment = 10;

export type BatchOptions = Pick<
  TrainingConfig,
  'batchClips' | 'momentsPerClip' | 'clipsPerEpoch' | 'maxSpeechFrames' | 'competingLabels' | 'augmentation'
>;

/** Packs clips into batches: classes weighted inversely to their frequency, lengths alike within a batch. */
export class BatchBuilder {
  readonly #featureCount: number;
  readonly #stepper: ClipStepper;
  readonly #options: BatchOptions;
  /** By dataset: weight of each class, so that within a corpus every class counts the same. */
  readonly #classWeights = new Map<string, Float64Array>();
  /** By dataset: 1 for the classes that compete for its clips. */
  readonly #classMasks = new Map<string, Float32Array>();

  /** @param training the training clips: they decide class weights and which classes a corpus has */
  constructor(spec: FeatureSpec, training: readonly TrainingClip[], options: BatchOptions) {
    this.#featureCount = stepFeatureCount(spec);
    this.#stepper = new ClipStepper(spec);
    this.#options = options;
    const known = new Set(training.map(({ clip }) => clip.label));
    for (const [dataset, own] of Map.groupBy(training, ({ clip }) => clip.dataset)) {
      const counts = new Float64Array(C);
      for (const { clip } of own) counts[emotionLabels.indexOf(clip.label)]++;
      const present = counts.filter((count) => count > 0).length;
      this.#classWeights.set(
        dataset,
        counts.map((count) => (count > 0 ? own.length / (present * count) : 0)),
      );
      // A class that no corpus has is learned to be improbable; masked, it would be left to chance.
      this.#classMasks.set(
        dataset,
        Float32Array.from(emotionLabels, (label, c) =>
          counts[c] > 0 || !known.has(label) || options.competingLabels.includes(label) ? 1 : 0,
        ),
      );
    }
  }

  /** Augmented training batches of one epoch, in random order. */
  *epoch(clips: readonly TrainingClip[], random: SeededRandom): Generator<TrainingBatch> {
    const { batchClips, momentsPerClip, maxSpeechFrames, augmentation } = this.#options;
    // Sorted by length with some noise: little padding, different batches every epoch.
    const order = this.#drawn(clips, random)
      .map((item) => ({ item, key: item.frames.speech.length * random.between(0.9, 1.1) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
    const groups: TrainingClip[][] = [];
    for (let at = 0; at < order.length; at += batchClips) groups.push(order.slice(at, at + batchClips));
    for (const group of random.shuffle(groups)) {
      const steps = group.map(({ frames }) =>
        this.#stepper.steps(augment(cropSpeech(frames, maxSpeechFrames, random), augmentation, random)),
      );
      yield this.#pack(group, steps, momentsPerClip, random);
    }
  }

  batchesPerEpoch(clips: readonly TrainingClip[]): number {
    let total = 0;
    for (const [dataset, own] of Map.groupBy(clips, ({ clip }) => clip.dataset)) {
      total += this.#options.clipsPerEpoch[dataset] ?? own.length;
    }
    return Math.ceil(total / this.#options.batchClips);
  }

  /** As many clips of each corpus as the options say: a random part of them, or all of them several times. */
  #drawn(clips: readonly TrainingClip[], random: SeededRandom): TrainingClip[] {
    const drawn: TrainingClip[] = [];
    for (const [dataset, own] of Map.groupBy(clips, ({ clip }) => clip.dataset)) {
      let wanted = this.#options.clipsPerEpoch[dataset] ?? own.length;
      for (; wanted > own.length; wanted -= own.length) drawn.push(...own);
      drawn.push(...random.shuffle([...own]).slice(0, wanted));
    }
    return drawn;
  }

  /** The clips as they are, in order, for validation: moments evenly spread. */
  *plain(clips: readonly TrainingClip[]): Generator<TrainingBatch> {
    const { batchClips, momentsPerClip } = this.#options;
    for (let at = 0; at < clips.length; at += batchClips) {
      const group = clips.slice(at, at + batchClips);
      yield this.#pack(
        group,
        group.map(({ frames }) => this.#stepper.steps(frames)),
        momentsPerClip,
        null,
      );
    }
  }

  #pack(
    group: readonly TrainingClip[],
    sequences: Float32Array[],
    Q: number,
    random: SeededRandom | null,
  ): TrainingBatch {
    const F = this.#featureCount;
    const B = group.length;
    const T = Math.max(1, ...sequences.map((steps) => steps.length / F));
    const batch: TrainingBatch = {
      steps: T,
      clips: B,
      moments: Q,
      features: new Float32Array(T * B * F),
      momentSteps: new Int32Array(B * Q),
      labels: new Int32Array(B),
      classMask: new Float32Array(B * C),
      weights: new Float32Array(B),
    };
    for (const [b, { clip }] of group.entries()) {
      const sequence = sequences[b];
      const length = sequence.length / F;
      for (let t = 0; t < length; t++) {
        batch.features.set(sequence.subarray(t * F, (t + 1) * F), (t * B + b) * F);
      }
      const last = Math.max(0, length - 1);
      const first = Math.min(earliestMoment, last);
      for (let q = 0; q < Q; q++) {
        const position = q === Q - 1 ? 1 : random === null ? (q + 1) / Q : random.next();
        batch.momentSteps[b * Q + q] = Math.round(first + position * (last - first));
      }
      const label = emotionLabels.indexOf(clip.label);
      batch.labels[b] = label;
      batch.classMask.set(this.#classMasks.get(clip.dataset) ?? new Float32Array(C).fill(1), b * C);
      // A clip without speech teaches nothing.
      batch.weights[b] = length === 0 ? 0 : (this.#classWeights.get(clip.dataset)?.[label] ?? 1);
    }
    return batch;
  }
}
