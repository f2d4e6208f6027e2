/** Features this many deviations away count as no further: one broken clip must not decide. */
const farthest = 5;

/** Learns mean and deviation of every feature from `rows`; features that never change become 0. */
export function fitStandardisation(rows: readonly Float64Array[]): (row: Float64Array) => Float64Array {
  const mean = new Float64Array(rows[0].length);
  const scale = new Float64Array(rows[0].length);
  for (const row of rows) for (let d = 0; d < mean.length; d++) mean[d] += row[d] / rows.length;
  for (const row of rows)
    for (let d = 0; d < mean.length; d++) scale[d] += (row[d] - mean[d]) ** 2 / rows.length;
  for (let d = 0; d < mean.length; d++) scale[d] = scale[d] > 1e-12 ? 1 / Math.sqrt(scale[d]) : 0;
  return (row) =>
    row.map((value, d) => Math.max(-farthest, Math.min(farthest, (value - mean[d]) * scale[d])));
}
