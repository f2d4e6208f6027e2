import type { EmotionPoint } from '@undertone/wire';

/** The longest stretch of capture time without a point, and the index of the point after it. */
export function longestGap(points: readonly EmotionPoint[]): { ms: number; after: number } {
  let longest = { ms: 0, after: 0 };
  for (let i = 1; i < points.length; i++) {
    const ms = points[i].atMs - points[i - 1].atMs;
    if (ms > longest.ms) longest = { ms, after: i };
  }
  return longest;
}
