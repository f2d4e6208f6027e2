import type { SeededRandom } from '../seeded-random.ts';
import type { ClipTarget, TrainingExample } from './training-example.ts';

export interface MixupOptions {
  /** λ is drawn from Beta(α, α): small values hardly mix, 1 is uniform; 0 switches mixing off. */
  alpha: number;
  /** Share of clips that get another mixed in. */
  share: number;
}

/**
 * Mixes clips of a batch (mixup, Zhang et al. 2018): λ of one and 1 − λ of another, steps and targets alike, with λ ≥ ½.
 * Steps are mixed after normalisation, aligned at the start, and only as far as the shorter clip reaches: so every step
 * holds both and the mixed target is true at every moment judged. Batches hold clips of like length; little is lost.
 * Two clips are mixed only where the same classes compete for both. A clip without a partner stays as it is.
 */
export function mixup(
  examples: readonly TrainingExample[],
  { alpha, share }: MixupOptions,
  random: SeededRandom,
): TrainingExample[] {
  if (alpha === 0 || share === 0) return [...examples];
  return examples.map((example) => {
    if (random.next() >= share) return example;
    const partners = examples.filter(
      (other) => other !== example && other.steps.length > 0 && sameClasses(other.target, example.target),
    );
    if (partners.length === 0) return example;
    const partner = partners[random.integer(partners.length)];
    const drawn = random.beta(alpha, alpha);
    return mixed(example, partner, Math.max(drawn, 1 - drawn));
  });
}

function mixed(a: TrainingExample, b: TrainingExample, lambda: number): TrainingExample {
  const length = Math.min(a.steps.length, b.steps.length);
  return {
    steps: blend(a.steps.subarray(0, length), b.steps, lambda),
    target: {
      classes: blend(a.target.classes, b.target.classes, lambda),
      dimensions: blend(a.target.dimensions, b.target.dimensions, lambda),
      classMask: a.target.classMask,
      weight: lambda * a.target.weight + (1 - lambda) * b.target.weight,
    },
  };
}

const blend = (a: Float32Array, b: Float32Array, lambda: number) =>
  a.map((value, i) => lambda * value + (1 - lambda) * b[i]);

const sameClasses = (a: ClipTarget, b: ClipTarget) =>
  a.classMask.every((competes, c) => competes === b.classMask[c]);
