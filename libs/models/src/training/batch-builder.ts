import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import { emotionLabels } from '../model/emotion-label.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { type AugmentationOptions, augment } from './augmentation.ts';
import { ClipStepper } from './clip-stepper.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingClip } from './training-clip.ts';

const C = emotionLabels.length;
/** No judgement is asked before this many steps (0.4 s of speech). */
const earliestMoment = 10;

/** Packs clips into batches: classes weighted inversely to their frequency, lengths alike within a batch. */
export class BatchBuilder {
  readonly #featureCount: number;
  readonly #stepper: ClipStepper;
  readonly #classWeights: Float64Array;
  readonly #classMasks = new Map<string, Float32Array>();

  /** @param training the training clips: they decide class weights and which classes a corpus has */
  constructor(spec: FeatureSpec, training: readonly TrainingClip[]) {
    this.#featureCount = stepFeatureCount(spec);
    this.#stepper = new ClipStepper(spec);
    const counts = new Float64Array(C);
    for (const { clip } of training) {
      const label = emotionLabels.indexOf(clip.label);
      counts[label]++;
      let mask = this.#classMasks.get(clip.dataset);
      if (mask === undefined) {
        mask = new Float32Array(C);
        this.#classMasks.set(clip.dataset, mask);
      }
      mask[label] = 1;
    }
    // A class that no corpus has is learned to be improbable; masked, it would be left to chance.
    for (const mask of this.#classMasks.values()) {
      for (let c = 0; c < C; c++) if (counts[c] === 0) mask[c] = 1;
    }
    const present = counts.filter((count) => count > 0).length;
    this.#classWeights = counts.map((count) => (count > 0 ? training.length / (present * count) : 0));
  }

  /** Augmented training batches of one epoch, in random order. */
  *epoch(
    clips: readonly TrainingClip[],
    batchClips: number,
    moments: number,
    augmentation: AugmentationOptions,
    random: SeededRandom,
  ): Generator<TrainingBatch> {
    // Shuffled, then sorted by length with some noise: little padding, different batches every epoch.
    const order = clips
      .map((item) => ({ item, key: item.frames.speech.length * random.between(0.9, 1.1) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
    const groups: TrainingClip[][] = [];
    for (let at = 0; at < order.length; at += batchClips) groups.push(order.slice(at, at + batchClips));
    for (const group of random.shuffle(groups)) {
      const steps = group.map(({ frames }) => this.#stepper.steps(augment(frames, augmentation, random)));
      yield this.#pack(group, steps, moments, random);
    }
  }

  /** The clips as they are, in order, for validation: moments evenly spread. */
  *plain(clips: readonly TrainingClip[], batchClips: number, moments: number): Generator<TrainingBatch> {
    for (let at = 0; at < clips.length; at += batchClips) {
      const group = clips.slice(at, at + batchClips);
      yield this.#pack(
        group,
        group.map(({ frames }) => this.#stepper.steps(frames)),
        moments,
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
      batch.weights[b] = length === 0 ? 0 : this.#classWeights[label];
    }
    return batch;
  }
}
