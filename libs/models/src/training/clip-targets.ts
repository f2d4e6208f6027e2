import type { Clip } from '../corpus/clip.ts';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import { circumplexTargets } from './circumplex.ts';
import { classWeights } from './class-weights.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import type { ClipTarget } from './training-example.ts';

export type TargetOptions = Pick<
  TrainingConfig,
  'classWeights' | 'effectiveNumberBeta' | 'competingLabels' | 'labelSmoothing' | 'distillation'
>;

/** Says what each clip is trained towards: its class, smoothed, or partly what a teacher made of it. */
export class ClipTargets {
  readonly #labels: readonly CorpusLabel[];
  readonly #options: TargetOptions;
  /** By dataset: weight of each class within the corpus. */
  readonly #weights = new Map<string, number[]>();
  /** By dataset: 1 for the classes that compete for its clips. */
  readonly #masks = new Map<string, Float32Array>();

  /** @param training the training clips: they decide class weights and which classes a corpus has */
  constructor(labels: readonly CorpusLabel[], training: readonly TrainingClip[], options: TargetOptions) {
    this.#labels = labels;
    this.#options = options;
    const known = new Set(training.map(({ clip }) => clip.label));
    for (const [dataset, own] of Map.groupBy(training, ({ clip }) => clip.dataset)) {
      const counts = labels.map((label) => own.filter(({ clip }) => clip.label === label).length);
      this.#weights.set(dataset, classWeights(counts, options.classWeights, options.effectiveNumberBeta));
      // A class that no corpus has is learned to be improbable; masked, it would be left to chance.
      const competes = labels.map(
        (label, c) => counts[c] > 0 || !known.has(label) || options.competingLabels.includes(label),
      );
      this.#masks.set(dataset, Float32Array.from(competes, Number));
    }
  }

  /** What the clip's own label says. */
  of({ label, dataset }: Clip): ClipTarget {
    const own = this.#labels.indexOf(label);
    const classMask = this.#masks.get(dataset) ?? new Float32Array(this.#labels.length).fill(1);
    const competing = classMask.reduce((sum, value) => sum + value, 0);
    const { labelSmoothing } = this.#options;
    const classes = classMask.map((competes) => (labelSmoothing * competes) / competing);
    classes[own] += 1 - labelSmoothing;
    // Smoothing is for the classes; it does not say that every voice is a little less aroused.
    const dimensions = Float32Array.from(circumplexTargets[label]);
    return { classes, dimensions, classMask, weight: this.#weights.get(dataset)?.[own] ?? 1 };
  }

  /**
   * The same, mixed with what the teacher says where distillation is on.
   * @throws Error when the clip has no teacher, or one that contradicts the corpus
   */
  taught({ clip, teacher }: TrainingClip): ClipTarget {
    const target = this.of(clip);
    const { distillation } = this.#options;
    if (distillation === null) return target;
    const { weight, temperature } = distillation;
    const soft = softened(teacher, target.classMask, temperature, clip.file);
    for (const [c, probability] of soft.entries()) {
      target.classes[c] += weight * (probability - target.classes[c]);
    }
    for (let d = 0; d < target.dimensions.length; d++) {
      const expected = soft.reduce(
        (sum, probability, c) => sum + probability * circumplexTargets[this.#labels[c]][d],
        0,
      );
      target.dimensions[d] += weight * (expected - target.dimensions[d]);
    }
    return target;
  }
}

/** The teacher's probabilities over the classes that compete, to the power of 1 / temperature. */
function softened(
  teacher: Float32Array | undefined,
  classMask: Float32Array,
  temperature: number,
  file: string,
): Float32Array {
  if (teacher?.length !== classMask.length) {
    throw new Error(
      `distillation wants ${classMask.length} probabilities of a teacher for every training clip; ${file} has ${teacher?.length ?? 'none'}`,
    );
  }
  const powers = teacher.map((probability, c) => classMask[c] * probability ** (1 / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  if (!(sum > 0)) throw new Error(`the teacher gives ${file} to no class that its corpus has`);
  return powers.map((power) => power / sum);
}
