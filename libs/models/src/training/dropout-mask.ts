import type { SeededRandom } from '../seeded-random.ts';

/** Which units are dropped in training, and where the masks come from. */
export interface Dropout {
  /** Share of units dropped. */
  share: number;
  random: SeededRandom;
}

/**
 * [rows, units] 0 for the units dropped, and for the others what keeps the mean as it was (inverted dropout). The mask of
 * the first `period` rows repeats: a clip loses the same units at every step (Gal & Ghahramani 2016).
 */
export function dropoutMask(
  rows: number,
  units: number,
  period: number,
  { share, random }: Dropout,
): Float32Array {
  const kept = 1 / (1 - share);
  const mask = new Float32Array(rows * units);
  const drawn = period * units;
  for (let i = 0; i < drawn; i++) mask[i] = random.next() < share ? 0 : kept;
  for (let at = drawn; at < mask.length; at += drawn) mask.copyWithin(at, 0, drawn);
  return mask;
}
