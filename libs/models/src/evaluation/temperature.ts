/**
 * The temperature that makes `logits` [n, C] the best calibrated on their `labels`: the minimum of the negative log
 * likelihood (Guo et al. 2017), by golden-section search over 0.2 … 5 on a logarithmic axis.
 * @param weights [n] how much each row counts; the same without them
 */
export function fitTemperature(logits: Float32Array, labels: Int32Array, weights?: Float64Array): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.2);
  let high = Math.log(5);
  while (high - low > 1e-4) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (
      negativeLogLikelihood(logits, labels, Math.exp(left), weights) <
      negativeLogLikelihood(logits, labels, Math.exp(right), weights)
    )
      high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Mean over the rows, weighted where there are weights. */
export function negativeLogLikelihood(
  logits: Float32Array,
  labels: Int32Array,
  temperature: number,
  weights?: Float64Array,
): number {
  const C = logits.length / labels.length;
  let total = 0;
  let weightSum = 0;
  for (let row = 0; row < labels.length; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < C; c++) largest = Math.max(largest, logits[row * C + c] / temperature);
    let sum = 0;
    for (let c = 0; c < C; c++) sum += Math.exp(logits[row * C + c] / temperature - largest);
    const weight = weights?.[row] ?? 1;
    total += weight * (largest + Math.log(sum) - logits[row * C + labels[row]] / temperature);
    weightSum += weight;
  }
  return total / weightSum;
}

/** [n] weights with which every corpus counts the same, whatever its number of clips; mean 1. */
export function corpusWeights(clips: readonly { dataset: string }[]): Float64Array {
  const counts = new Map<string, number>();
  for (const { dataset } of clips) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
  return Float64Array.from(clips, ({ dataset }) => clips.length / (counts.size * counts.get(dataset)!));
}
