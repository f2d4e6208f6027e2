/**
 * Time that the epochs still to come take at most, if each takes the median of those before: "3.2 min", "1.5 h".
 * The median, because on a machine that does other things as well single epochs are far off.
 */
export function timeLeft(epochSeconds: readonly number[], epochsLeft: number): string {
  const sorted = [...epochSeconds].sort((a, b) => a - b);
  const seconds = sorted[sorted.length >> 1] * epochsLeft;
  return seconds < 5_400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
