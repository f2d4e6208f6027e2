/**
 * The temperature that makes `logits` [n, C] the best calibrated on their `labels`: the minimum of the negative log
 * likelihood (Guo et al. 2017), by golden-section search over 0.2 … 5 on a logarithmic axis.
 */
export function fitTemperature(logits: Float32Array, labels: Int32Array): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.2);
  let high = Math.log(5);
  while (high - low > 1e-4) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (
      negativeLogLikelihood(logits, labels, Math.exp(left)) <
      negativeLogLikelihood(logits, labels, Math.exp(right))
    )
      high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Mean over the rows. */
export function negativeLogLikelihood(logits: Float32Array, labels: Int32Array, temperature: number): number {
  const C = logits.length / labels.length;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < C; c++) largest = Math.max(largest, logits[row * C + c] / temperature);
    let sum = 0;
    for (let c = 0; c < C; c++) sum += Math.exp(logits[row * C + c] / temperature - largest);
    total += largest + Math.log(sum) - logits[row * C + labels[row]] / temperature;
  }
  return total / labels.length;
}
