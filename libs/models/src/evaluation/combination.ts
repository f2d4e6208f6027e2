import { combineAnswered } from './combine-clips.ts';
import { decision, type JudgedClip, smallestProbability, tempered } from './judged-clip.ts';
import { fitMixtureWeights } from './mixture-weights.ts';
import { scoresOf } from './scores.ts';
import { corpusWeights, fitTemperature } from './temperature.ts';

/**
 * How answers become one. `mean`: of the probabilities. `weighted`: their mean with the weights that make the right
 * classes of the validation clips most likely. `vote`: of decisions, weighted by UAR above chance there; ties by `mean`.
 */
export const combinationNames = ['mean', 'weighted', 'vote'] as const;
export type CombinationName = (typeof combinationNames)[number];

/** With fewer clips that validated every member, nothing can be fitted to them. */
const enoughClips = 30;
const tieBreak = 1e-3;

/** A fitted combination of M members. */
export class Combination {
  readonly method: CombinationName;
  /** [M] summing to 1. */
  readonly weights: readonly number[];
  readonly temperature: number;

  private constructor(method: CombinationName, weights: readonly number[], temperature: number) {
    this.method = method;
    this.weights = weights;
    this.temperature = temperature;
  }

  /**
   * Fits weights and temperature to the clips that validated every member. Where these are too few, the temperature
   * is 1.
   * @param validation [M] each member's answers to clips that it did not learn from
   * @throws Error when the method has weights and there are too few clips to fit them to
   */
  static fit(
    method: CombinationName,
    validation: readonly (readonly JudgedClip[])[],
    classes: number,
  ): Combination {
    const common = commonClips(validation);
    const equal = validation.map(() => 1 / validation.length);
    if (common.length < enoughClips) {
      if (method === 'mean') return new Combination(method, equal, 1);
      throw new Error(
        `${method} wants ${enoughClips} clips that validated every member, and there are ${common.length}: use mean, or members that validate on the same speakers`,
      );
    }
    const weights = method === 'mean' ? equal : fitWeights(method, common, classes);
    const raw = new Combination(method, weights, 1);
    return raw.#calibrated(
      common.map((own) => ({ ...own[0], probabilities: raw.of(own.map(probabilitiesOf)) })),
    );
  }

  /**
   * The mean of a bag's models, each of which has been judged by clips of its own: these give the temperature.
   * @param validation [M] each model's answers to the clips that it did not learn from
   */
  static ofBag(validation: readonly (readonly JudgedClip[])[]): Combination {
    const equal = new Combination(
      'mean',
      validation.map(() => 1 / validation.length),
      1,
    );
    return equal.#calibrated(combineAnswered(validation, equal));
  }

  /** The same with the temperature that fits it best. @param judged what it says of clips that nobody learned from */
  #calibrated(judged: readonly JudgedClip[]): Combination {
    const answered = judged.filter(({ probabilities }) => probabilities !== null);
    if (answered.length < enoughClips) return this;
    const logits = Float32Array.from(
      answered.flatMap(({ probabilities }) =>
        Array.from(probabilities!, (p) => Math.log(Math.max(smallestProbability, p))),
      ),
    );
    const labels = Int32Array.from(answered, ({ label }) => label);
    const temperature = fitTemperature(logits, labels, corpusWeights(answered));
    return new Combination(this.method, this.weights, temperature);
  }

  /**
   * One answer of the members' [M] to a clip; who has none does not count.
   * @returns null where nobody has an answer
   */
  of(answers: readonly (Float32Array | null)[]): Float32Array | null {
    const first = answers.find((probabilities) => probabilities !== null);
    if (first === undefined) return null;
    const sums = new Float32Array(first.length);
    for (const [m, probabilities] of answers.entries()) {
      if (probabilities === null) continue;
      const share = this.method === 'vote' ? tieBreak : 1;
      for (let c = 0; c < sums.length; c++) sums[c] += share * this.weights[m] * probabilities[c];
      if (this.method === 'vote') sums[decision({ probabilities })] += this.weights[m];
    }
    const total = sums.reduce((sum, value) => sum + value, 0);
    const mixed = sums.map((sum) => sum / total);
    return this.temperature === 1 ? mixed : tempered(mixed, this.temperature);
  }
}

const probabilitiesOf = ({ probabilities }: JudgedClip) => probabilities;

/** [n][M] answers to the clips that every member has answered. */
function commonClips(validation: readonly (readonly JudgedClip[])[]): JudgedClip[][] {
  const byFile = validation.map(
    (own) =>
      new Map(own.filter(({ probabilities }) => probabilities !== null).map((clip) => [clip.file, clip])),
  );
  return [...byFile[0].keys()].flatMap((file) => {
    const answers = byFile.map((own) => own.get(file));
    return answers.every((answer) => answer !== undefined) ? [answers] : [];
  });
}

function fitWeights(method: 'weighted' | 'vote', common: readonly JudgedClip[][], classes: number): number[] {
  const counts = new Float64Array(classes);
  for (const [{ label }] of common) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  if (method === 'weighted') {
    return fitMixtureWeights(
      common.map((answers) =>
        answers.map((own) => Math.max(smallestProbability, own.probabilities![own.label])),
      ),
      common.map(([{ label }]) => common.length / (present * counts[label])),
    );
  }
  const above = common[0].map((_, m) => {
    const { uar } = scoresOf(
      common.map((answers) => answers[m]),
      classes,
    );
    return Math.max(0, uar - 1 / present);
  });
  const sum = above.reduce((total, own) => total + own, 0);
  return sum === 0 ? above.map(() => 1 / above.length) : above.map((own) => own / sum);
}
