const iterations = 200;
/** Each member counts as right on this many clips more: few clips don't silence it. */
const priorClips = 5;

/**
 * The weights, not negative and summing to 1, with which a mixture of the members' probabilities makes the right answers
 * most likely; the log likelihood is concave in them, and EM finds its maximum (Dempster, Laird & Rubin 1977, §4.3),
 * here with a Dirichlet prior towards equal weights.
 * @param right [n][M] what each member gave the right class of each clip
 * @param clipWeights [n] how much each clip counts; mean 1
 * @returns [M]
 */
export function fitMixtureWeights(
  right: readonly (readonly number[])[],
  clipWeights: readonly number[],
): number[] {
  const members = right[0].length;
  let weights = new Array<number>(members).fill(1 / members);
  for (let i = 0; i < iterations; i++) {
    const shares = new Array<number>(members).fill(priorClips);
    for (const [clip, own] of right.entries()) {
      const total = own.reduce((sum, p, m) => sum + weights[m] * p, 0);
      for (let m = 0; m < members; m++) shares[m] += (clipWeights[clip] * weights[m] * own[m]) / total;
    }
    const sum = shares.reduce((total, share) => total + share, 0);
    weights = shares.map((share) => share / sum);
  }
  return weights;
}
