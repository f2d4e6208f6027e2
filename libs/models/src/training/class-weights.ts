export const classWeightings = ['balanced', 'effective-number', 'none'] as const;
export type ClassWeighting = (typeof classWeightings)[number];

/**
 * [C] weight of a clip of each class in the loss, 0 for a class without clips; over all clips they average 1.
 * `balanced`: every class counts the same. `effective-number`: a class counts less than its clips and more than
 * once, by the effective number (1 − βⁿ) / (1 − β) of its n clips (Cui et al. 2019); β → 1 is balanced, β = 0 is none.
 * @param counts [C] clips of each class
 */
export function classWeights(
  counts: readonly number[],
  weighting: ClassWeighting,
  effectiveNumberBeta: number,
): number[] {
  const raw = counts.map((n) => {
    if (n === 0) return 0;
    if (weighting === 'none') return 1;
    if (weighting === 'balanced') return 1 / n;
    return (1 - effectiveNumberBeta) / (1 - effectiveNumberBeta ** n);
  });
  const clips = counts.reduce((sum, n) => sum + n, 0);
  const total = raw.reduce((sum, weight, c) => sum + weight * counts[c], 0);
  return raw.map((weight) => (weight * clips) / total);
}
