import { z } from 'zod';

/** One cell of a ribbon covers this much capture time. */
export const ribbonStepMs = 1_000;
/** How many cells a wall shows: the last two minutes. */
export const ribbonCells = 120;

/**
 * The recent past of one speaker, coarse enough to send for every call of a wall: columns of equal length, one entry per
 * cell, oldest first. Cell `i` covers `startMs + i × ribbonStepMs` to the next cell.
 */
export const ribbonSchema = z.object({
  /** Capture time of the first cell: wall clock, a multiple of `ribbonStepMs`. */
  startMs: z.number(),
  /** Index into `pointStates`; −1 where nothing was judged. */
  state: z.array(z.number()),
  /** Index into `expressions` of the likeliest over the cell; −1 in silence and where nothing was judged. */
  expression: z.array(z.number()),
  /** Mean confidence, 0…100. */
  confidence: z.array(z.number()),
  /** Mean arousal, −100…100; 0 where there is none. */
  arousal: z.array(z.number()),
});
export type Ribbon = z.infer<typeof ribbonSchema>;
