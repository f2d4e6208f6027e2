/** A trained classifier of feature rows. */
export interface Classifier {
  /** Of every row, [C] probabilities. */
  probabilities(rows: readonly Float64Array[]): Float32Array[];
  /** Share of each feature in the decisions, summing to 1; null where the kind of classifier has none. */
  importance: Float64Array | null;
  /** Frees memory outside of the garbage collector's reach. */
  free(): void;
}

/** Rows of features with the index of their class. */
export interface LabelledRows {
  rows: readonly Float64Array[];
  labels: readonly number[];
  /** C */
  classes: number;
}

/** A kind of classifier, and the settings that are tried on the training speakers. */
export interface ClassifierKind {
  name: string;
  /** Whether the seed changes anything. */
  random: boolean;
  /** Whether its probabilities are calibrated as they come, or want a temperature. */
  calibratesItself: boolean;
  /** Values of its one setting; the first is taken where there is nothing to choose by. */
  settings: readonly number[];
  /**
   * @param toChoose what is fitted serves only to choose a setting and, unless it calibrates itself, a temperature:
   * it may be smaller, and where it calibrates itself say 0 and 1 instead of probabilities
   */
  fit(data: LabelledRows, setting: number, seed: number, toChoose?: boolean): Promise<Classifier>;
}

/** How much a clip of each class counts, so that all classes count the same; mean over clips 1. */
export function balancedWeights({ labels, classes }: LabelledRows): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)));
}
