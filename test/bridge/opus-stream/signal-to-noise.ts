/** Ratio of `reference` to the error of `line`; NaN if the line is shorter. */
export function snrDb(reference: ArrayLike<number>, line: ArrayLike<number>): number {
  let signal = 0;
  let error = 0;
  for (let i = 0; i < reference.length; i++) {
    signal += reference[i] ** 2;
    error += (reference[i] - line[i]) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1));
}
