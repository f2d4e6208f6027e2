import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { type FeatureSpec, stepFeatureCount } from '../features/feature-spec.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { augment } from './augmentation.ts';
import { ClipStepper } from './clip-stepper.ts';
import { ClipTargets, type TargetOptions } from './clip-targets.ts';
import { cropSpeech } from './crop-speech.ts';
import { EarlierSpeechSource } from './earlier-speech.ts';
import { mixup } from './mixup.ts';
import type { SpeechFrames } from './speech-frames.ts';
import type { TrainingBatch } from './training-batch.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingExample } from './training-example.ts';

/** No judgement is asked before this many steps (0.4 s of speech). */
const earliestMoment = 10;

export type BatchOptions = Pick<
  TrainingConfig,
  | 'batchClips'
  | 'momentsPerClip'
  | 'clipsPerEpoch'
  | 'maxSpeechFrames'
  | 'waveform'
  | 'acquaintance'
  | 'augmentation'
  | 'mixup'
> &
  TargetOptions;

/** Packs clips into batches, lengths alike within a batch. */
export class BatchBuilder {
  readonly #featureCount: number;
  readonly #stepper: ClipStepper;
  readonly #options: BatchOptions;
  readonly #targets: ClipTargets;
  readonly #earlierSpeech: EarlierSpeechSource;

  /** @param training the training clips: they decide class weights and which classes a corpus has */
  constructor(
    spec: FeatureSpec,
    labels: readonly CorpusLabel[],
    training: readonly TrainingClip[],
    options: BatchOptions,
  ) {
    this.#featureCount = stepFeatureCount(spec);
    this.#stepper = new ClipStepper(spec);
    this.#options = options;
    this.#targets = new ClipTargets(labels, training, options);
    this.#earlierSpeech = new EarlierSpeechSource(training, options.acquaintance);
  }

  /** Augmented training batches of one epoch, in random order. */
  *epoch(clips: readonly TrainingClip[], random: SeededRandom): Generator<TrainingBatch> {
    const { batchClips, momentsPerClip, maxSpeechFrames, waveform, augmentation } = this.#options;
    // Sorted by length with some noise: little padding, different batches every epoch.
    const order = this.#drawn(clips, random)
      .map((item) => ({ item, key: item.frames.speech.length * random.between(0.9, 1.1) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
    const groups: TrainingClip[][] = [];
    for (let at = 0; at < order.length; at += batchClips) groups.push(order.slice(at, at + batchClips));
    for (const group of random.shuffle(groups)) {
      const examples = group.map((item) => {
        const frames = oneOf(item, waveform.share, random);
        // A variant has a line of its own, on which nothing else was heard.
        const earlier = frames === item.frames ? this.#earlierSpeech.draw(item, random) : null;
        const cropped = cropSpeech(frames, maxSpeechFrames, random);
        const varied = augment(cropped, augmentation, random, earlier?.frames);
        return { steps: this.#stepper.steps(varied, earlier), target: this.#targets.taught(item) };
      });
      yield this.#pack(mixup(examples, this.#options.mixup, random), momentsPerClip, random);
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
      const examples = clips.slice(at, at + batchClips).map(({ clip, frames }) => ({
        steps: this.#stepper.steps(frames),
        target: this.#targets.of(clip),
      }));
      yield this.#pack(examples, momentsPerClip, null);
    }
  }

  #pack(examples: readonly TrainingExample[], Q: number, random: SeededRandom | null): TrainingBatch {
    const F = this.#featureCount;
    const B = examples.length;
    const T = Math.max(1, ...examples.map(({ steps }) => steps.length / F));
    const C = examples[0].target.classes.length;
    const D = examples[0].target.dimensions.length;
    const batch: TrainingBatch = {
      steps: T,
      clips: B,
      moments: Q,
      features: new Float32Array(T * B * F),
      momentSteps: new Int32Array(B * Q),
      targets: new Float32Array(B * C),
      dimensionTargets: new Float32Array(B * D),
      classMask: new Float32Array(B * C),
      weights: new Float32Array(B),
    };
    for (const [b, { steps, target }] of examples.entries()) {
      const length = steps.length / F;
      for (let t = 0; t < length; t++) {
        batch.features.set(steps.subarray(t * F, (t + 1) * F), (t * B + b) * F);
      }
      const last = Math.max(0, length - 1);
      const first = Math.min(earliestMoment, last);
      for (let q = 0; q < Q; q++) {
        const position = q === Q - 1 ? 1 : random === null ? (q + 1) / Q : random.next();
        batch.momentSteps[b * Q + q] = Math.round(first + position * (last - first));
      }
      batch.targets.set(target.classes, b * C);
      batch.dimensionTargets.set(target.dimensions, b * D);
      batch.classMask.set(target.classMask, b * C);
      // A clip without speech teaches nothing.
      batch.weights[b] = length === 0 ? 0 : target.weight;
    }
    return batch;
  }
}

/** One of the clip's variants with the chance `share`, else the clip as it is. */
function oneOf({ frames, variants }: TrainingClip, share: number, random: SeededRandom): SpeechFrames {
  if (variants.length === 0 || random.next() >= share) return frames;
  return variants[random.integer(variants.length)];
}
