import { FeatureBins } from './feature-bins.ts';

/** Added to the curvature of every leaf: small leaves say little. */
export const leafPenalty = 1;
/** Least curvature on either side of a split; a clip that is undecided between two classes brings a quarter. */
export const leastCurvature = 1;

/** A question with two branches, or a leaf with what is to be added to the score. */
type Node = { feature: number; bin: number; gain: number; low: Node; high: Node } | { value: number };

/** What a tree is grown from: binned features, and slope and curvature of the loss in each row's score. */
export interface TreeData {
  /** [features · rows], feature by feature, of `FeatureBins`. */
  columns: Uint8Array;
  rows: number;
  gradients: Float64Array;
  curvatures: Float64Array;
}

/**
 * A regression tree whose leaves are Newton steps −G / (H + λ) and whose splits gain most of the loss's second-order
 * approximation, found on histograms of the bins (Chen & Guestrin 2016, §2.2, with λ = 1 and γ = 0).
 */
export class NewtonTree {
  readonly #root: Node;

  /**
   * @param members the rows to learn from
   * @param features those that may split
   * @param depth of splits, one below the other
   */
  constructor(data: TreeData, members: Int32Array, features: readonly number[], depth: number) {
    this.#root = grow(data, members, features, depth);
  }

  /** What the tree adds to the score of row `i` of binned `columns`. */
  value(columns: Uint8Array, rows: number, i: number): number {
    let node = this.#root;
    while ('feature' in node) node = columns[node.feature * rows + i] <= node.bin ? node.low : node.high;
    return node.value;
  }

  /** Adds the gain of every split to its feature. */
  addGains(gains: Float64Array): void {
    const visit = (node: Node): void => {
      if (!('feature' in node)) return;
      gains[node.feature] += node.gain;
      visit(node.low);
      visit(node.high);
    };
    visit(this.#root);
  }
}

function grow(data: TreeData, members: Int32Array, features: readonly number[], depth: number): Node {
  let gradient = 0;
  let curvature = 0;
  for (const i of members) {
    gradient += data.gradients[i];
    curvature += data.curvatures[i];
  }
  const split = depth === 0 ? null : bestSplit(data, members, features, gradient, curvature);
  if (split === null) return { value: -gradient / (curvature + leafPenalty) };
  const offset = split.feature * data.rows;
  const isLow = (i: number) => data.columns[offset + i] <= split.bin;
  return {
    ...split,
    low: grow(data, members.filter(isLow), features, depth - 1),
    high: grow(
      data,
      members.filter((i) => !isLow(i)),
      features,
      depth - 1,
    ),
  };
}

/** Null when no split gains anything. */
function bestSplit(
  { columns, rows, gradients, curvatures }: TreeData,
  members: Int32Array,
  features: readonly number[],
  gradient: number,
  curvature: number,
) {
  const worth = (g: number, h: number) => (g * g) / (h + leafPenalty);
  const whole = worth(gradient, curvature);
  const gradientOfBin = new Float64Array(FeatureBins.count);
  const curvatureOfBin = new Float64Array(FeatureBins.count);
  let best = { feature: -1, bin: -1, gain: 1e-9 };
  for (const feature of features) {
    gradientOfBin.fill(0);
    curvatureOfBin.fill(0);
    const offset = feature * rows;
    for (const i of members) {
      const bin = columns[offset + i];
      gradientOfBin[bin] += gradients[i];
      curvatureOfBin[bin] += curvatures[i];
    }
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < FeatureBins.count - 1; bin++) {
      g += gradientOfBin[bin];
      h += curvatureOfBin[bin];
      if (h < leastCurvature || curvature - h < leastCurvature) continue;
      const gain = worth(g, h) + worth(gradient - g, curvature - h) - whole;
      if (gain > best.gain) best = { feature, bin, gain };
    }
  }
  return best.feature === -1 ? null : best;
}
