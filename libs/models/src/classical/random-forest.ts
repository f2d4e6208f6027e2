import { SeededRandom } from '../seeded-random.ts';
import { balancedWeights, type Classifier, type ClassifierKind, type LabelledRows } from './classifier.ts';
import { FeatureBins } from './feature-bins.ts';

const trees = 300;
/** Enough to choose and to calibrate by. */
const treesOfChoice = 100;

/** A node of a tree: a question with two branches, or a leaf with probabilities. */
type Node = { feature: number; bin: number; low: Node; high: Node } | { leaf: Float64Array };

/**
 * Random forest (Breiman 2001): trees on bootstrap samples, √F features drawn at every node, Gini impurity, classes
 * balanced by weight; a leaf holds the shares of its classes. Importance is the mean decrease of impurity.
 * Our own, since the one for Node that is kept up draws features once a tree, not once a node, and tries every
 * threshold in quadratic time.
 */
export const randomForest: ClassifierKind = {
  name: 'random-forest',
  random: true,
  calibratesItself: false,
  settings: [2],
  fit: async (data, smallestLeaf, seed, toChoose = false) =>
    growForest(data, toChoose ? treesOfChoice : trees, smallestLeaf, seed),
};

function growForest(data: LabelledRows, trees: number, smallestLeaf: number, seed: number): Classifier {
  const bins = new FeatureBins(data.rows);
  const grower = new TreeGrower(data, bins, smallestLeaf, new SeededRandom(seed));
  const forest = Array.from({ length: trees }, () => grower.grow());
  const decrease = grower.decrease.reduce((sum, value) => sum + value, 0);
  return {
    importance: grower.decrease.map((value) => value / Math.max(decrease, Number.MIN_VALUE)),
    probabilities: (rows) => {
      const columns = bins.columns(rows);
      return rows.map((_, i) => {
        const result = new Float32Array(data.classes);
        for (const tree of forest) {
          let node = tree;
          while ('feature' in node)
            node = columns[node.feature * rows.length + i] <= node.bin ? node.low : node.high;
          for (let c = 0; c < result.length; c++) result[c] += node.leaf[c] / trees;
        }
        return result;
      });
    },
    free: () => {},
  };
}

class TreeGrower {
  /** [F] weighted decrease of impurity that each feature has brought. */
  readonly decrease: Float64Array;
  readonly #data: LabelledRows;
  readonly #columns: Uint8Array;
  readonly #weights: Float64Array;
  readonly #smallestLeaf: number;
  readonly #random: SeededRandom;
  readonly #features: number[];
  readonly #triedFeatures: number;
  /** The members of the node at hand, by bin. */
  readonly #order: Int32Array;
  readonly #starts = new Int32Array(FeatureBins.count + 1);

  constructor(data: LabelledRows, bins: FeatureBins, smallestLeaf: number, random: SeededRandom) {
    this.#data = data;
    this.#columns = bins.columns(data.rows);
    this.#weights = balancedWeights(data);
    this.#smallestLeaf = smallestLeaf;
    this.#random = random;
    this.#features = Array.from({ length: bins.features }, (_, feature) => feature);
    this.#triedFeatures = Math.ceil(Math.sqrt(bins.features));
    this.#order = new Int32Array(data.labels.length);
    this.decrease = new Float64Array(bins.features);
  }

  grow(): Node {
    const { length } = this.#data.labels;
    return this.#node(Int32Array.from({ length }, () => this.#random.integer(length)));
  }

  #node(members: Int32Array): Node {
    const totals = new Float64Array(this.#data.classes);
    for (const i of members) totals[this.#data.labels[i]] += this.#weights[this.#data.labels[i]];
    const weight = totals.reduce((sum, value) => sum + value, 0);
    const split =
      members.length < 2 * this.#smallestLeaf || totals.some((total) => total === weight)
        ? null
        : this.#bestSplit(members, totals, weight);
    if (split === null) return { leaf: totals.map((total) => total / weight) };
    this.decrease[split.feature] += split.gain;
    const offset = split.feature * this.#data.labels.length;
    return {
      feature: split.feature,
      bin: split.bin,
      low: this.#node(members.filter((i) => this.#columns[offset + i] <= split.bin)),
      high: this.#node(members.filter((i) => this.#columns[offset + i] > split.bin)),
    };
  }

  /** The drawn feature's threshold with the largest weighted decrease of Gini impurity; null when none decreases it. */
  #bestSplit(members: Int32Array, totals: Float64Array, weight: number) {
    const { labels, classes } = this.#data;
    // Weight times Gini impurity is the weight less Σ total² / weight: the sums of squares are what must grow.
    const squares = totals.reduce((sum, total) => sum + total * total, 0);
    let best = { feature: -1, bin: -1, gain: 1e-9 };
    const low = new Float64Array(classes);
    const high = new Float64Array(classes);
    for (let drawn = 0; drawn < this.#triedFeatures; drawn++) {
      const other = drawn + this.#random.integer(this.#features.length - drawn);
      const feature = this.#features[other];
      this.#features[other] = this.#features[drawn];
      this.#features[drawn] = feature;
      const offset = feature * labels.length;
      this.#sort(members, offset);
      low.fill(0);
      high.set(totals);
      let lowWeight = 0;
      let lowSquares = 0;
      let highSquares = squares;
      for (let k = 0; k < members.length - 1; k++) {
        const c = labels[this.#order[k]];
        const own = this.#weights[c];
        lowSquares += own * (2 * low[c] + own);
        highSquares -= own * (2 * high[c] - own);
        low[c] += own;
        high[c] -= own;
        lowWeight += own;
        const bin = this.#columns[offset + this.#order[k]];
        if (bin === this.#columns[offset + this.#order[k + 1]]) continue;
        if (k + 1 < this.#smallestLeaf || members.length - k - 1 < this.#smallestLeaf) continue;
        const gain = lowSquares / lowWeight + highSquares / (weight - lowWeight) - squares / weight;
        if (gain > best.gain) best = { feature, bin, gain };
      }
    }
    return best.feature === -1 ? null : best;
  }

  /** Writes `members` into `#order` by rising bin: a counting sort. */
  #sort(members: Int32Array, offset: number): void {
    const starts = this.#starts.fill(0);
    for (const i of members) starts[this.#columns[offset + i] + 1]++;
    for (let bin = 1; bin < starts.length; bin++) starts[bin] += starts[bin - 1];
    for (const i of members) this.#order[starts[this.#columns[offset + i]]++] = i;
  }
}
