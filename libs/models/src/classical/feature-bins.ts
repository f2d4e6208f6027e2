const maxBins = 24;

/** Features as the numbers of their quantile bins: trees ask only on which side of a threshold a value lies. */
export class FeatureBins {
  readonly features: number;
  /** Of each feature, ascending: bin b holds values in (thresholds[b − 1], thresholds[b]]. */
  readonly #thresholds: Float64Array[];

  constructor(rows: readonly Float64Array[]) {
    this.features = rows[0].length;
    this.#thresholds = Array.from({ length: this.features }, (_, feature) => {
      const sorted = Float64Array.from(rows, (row) => row[feature]).sort();
      const cuts = new Set<number>();
      for (let b = 1; b < maxBins; b++) {
        const below = sorted[Math.floor((b * sorted.length) / maxBins) - 1];
        // Where many rows have the same value, the quantile falls within them: cut behind them.
        const above = sorted.find((value) => value > below);
        if (above !== undefined) cuts.add((below + above) / 2);
      }
      return Float64Array.from(cuts);
    });
  }

  /** [features · rows], feature by feature. */
  columns(rows: readonly Float64Array[]): Uint8Array {
    const result = new Uint8Array(this.features * rows.length);
    for (let feature = 0; feature < this.features; feature++) {
      const thresholds = this.#thresholds[feature];
      for (const [i, row] of rows.entries()) {
        let low = 0;
        let high = thresholds.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (row[feature] > thresholds[middle]) low = middle + 1;
          else high = middle;
        }
        result[feature * rows.length + i] = low;
      }
    }
    return result;
  }

  static readonly count = maxBins;
}
