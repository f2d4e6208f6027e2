/** Equal bins over 0 … 1 that the highest probability of a judgement is counted in. */
export const confidenceBins = 10;

/** The bin of a judgement by its highest probability. */
export function confidenceBin(probabilities: ArrayLike<number>): number {
  let highest = 0;
  for (let k = 0; k < probabilities.length; k++) highest = Math.max(highest, probabilities[k]);
  return Math.min(confidenceBins - 1, Math.floor(highest * confidenceBins));
}
