import { SeededRandom } from '../seeded-random.ts';
import { balancedWeights, type Classifier, type ClassifierKind, type LabelledRows } from './classifier.ts';
import { FeatureBins } from './feature-bins.ts';
import { NewtonTree } from './newton-tree.ts';

const rate = 0.1;
const rowShare = 0.7;
const featureShare = 0.2;

/** How trees follow one another. */
interface BoostingOptions {
  rounds: number;
  depth: number;
  /** How much of each tree counts. */
  rate: number;
  /** Shares of rows and features that a round sees. */
  rowShare: number;
  featureShare: number;
}

/**
 * Stochastic gradient boosting (Friedman 2001, 2002) of the softmax loss: every round adds a tree to each class's score, a
 * Newton step on 70 % of the rows and 20 % of the features; classes balanced by weight. The setting is the number of rounds.
 * Our own, since XGBoost for JavaScript (ml-xgboost) is a build of 2018.
 */
export const gradientBoosting: ClassifierKind = {
  name: 'boosting',
  random: true,
  calibratesItself: false,
  settings: [150, 60],
  fit: async (data, rounds, seed) => boost(data, { rounds, depth: 3, rate, rowShare, featureShare }, seed),
};

/** The importance is the share of each feature in the gains of all splits. */
export function boost(data: LabelledRows, options: BoostingOptions, seed: number): Classifier {
  const { labels, classes: C, rows } = data;
  const bins = new FeatureBins(rows);
  const columns = bins.columns(rows);
  const classWeights = balancedWeights(data);
  const random = new SeededRandom(seed);
  const n = rows.length;
  const scores = new Float64Array(n * C);
  const gradients = new Float64Array(n);
  const curvatures = new Float64Array(n);
  const probabilities = new Float64Array(n * C);
  const order = Array.from({ length: n }, (_, i) => i);
  const features = Array.from({ length: bins.features }, (_, f) => f);
  const gains = new Float64Array(bins.features);
  /** [rounds][C] */
  const forest: NewtonTree[][] = [];
  for (let round = 0; round < options.rounds; round++) {
    const members = Int32Array.from(random.shuffle(order).slice(0, Math.ceil(options.rowShare * n))).sort();
    const tried = random.shuffle(features).slice(0, Math.ceil(options.featureShare * features.length));
    softmaxRows(scores, C, probabilities);
    const trees = Array.from({ length: C }, (_, c) => {
      for (let i = 0; i < n; i++) {
        const p = probabilities[i * C + c];
        const weight = classWeights[labels[i]];
        gradients[i] = weight * (p - (labels[i] === c ? 1 : 0));
        curvatures[i] = weight * p * (1 - p);
      }
      return new NewtonTree({ columns, rows: n, gradients, curvatures }, members, tried, options.depth);
    });
    for (const [c, tree] of trees.entries()) {
      tree.addGains(gains);
      for (let i = 0; i < n; i++) scores[i * C + c] += options.rate * tree.value(columns, n, i);
    }
    forest.push(trees);
  }
  const gained = gains.reduce((sum, gain) => sum + gain, 0);
  return {
    importance: gains.map((gain) => gain / Math.max(gained, Number.MIN_VALUE)),
    probabilities: (asked) => {
      const own = bins.columns(asked);
      const sums = new Float64Array(asked.length * C);
      for (const trees of forest)
        for (const [c, tree] of trees.entries())
          for (let i = 0; i < asked.length; i++)
            sums[i * C + c] += options.rate * tree.value(own, asked.length, i);
      softmaxRows(sums, C, sums);
      return asked.map((_, i) => Float32Array.from(sums.subarray(i * C, (i + 1) * C)));
    },
    free: () => {},
  };
}

/** Softmax of every row of `scores` [n, C] into `target`, which may be the same. */
function softmaxRows(scores: Float64Array, C: number, target: Float64Array): void {
  for (let at = 0; at < scores.length; at += C) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < C; c++) largest = Math.max(largest, scores[at + c]);
    let sum = 0;
    for (let c = 0; c < C; c++) {
      target[at + c] = Math.exp(scores[at + c] - largest);
      sum += target[at + c];
    }
    for (let c = 0; c < C; c++) target[at + c] /= sum;
  }
}
