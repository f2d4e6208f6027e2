/** A share of nothing would make the index infinite. */
const leastShare = 1e-4;

/**
 * Population stability index of two distributions over the same bins: Σ (p − q) · ln (p / q), the symmetric Kullback–Leibler
 * divergence in nats. By custom (credit scoring, Siddiqi 2006) below 0.1 nothing has changed and above 0.25 it is worth looking at.
 * @param recent [bins] shares summing to 1 @param reference [bins] the same
 */
export function stabilityIndex(recent: ArrayLike<number>, reference: ArrayLike<number>): number {
  let index = 0;
  for (let k = 0; k < reference.length; k++) {
    const p = Math.max(leastShare, recent[k]);
    const q = Math.max(leastShare, reference[k]);
    index += (p - q) * Math.log(p / q);
  }
  return index;
}
