import type { EmotionPoint } from '@undertone/wire';
import type { Difference } from '../language/messages.ts';

/** Deviations from the speaker's own normal below which a voice is as usual, and from which the difference is large. */
export const slightDeviation = 1;
const largeDeviation = 2;

/** How a voice differs from what is usual for it, the larger difference first; nothing if it is as usual. */
export function differences({ valence, arousal }: NonNullable<EmotionPoint['change']>): Difference[] {
  const qualities: { by: number; quality: Difference['quality'] }[] = [
    { by: valence, quality: 'pleasant' },
    { by: arousal, quality: 'excited' },
  ];
  return qualities
    .filter(({ by }) => Math.abs(by) >= slightDeviation)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .map(({ by, quality }) => ({ quality, more: by > 0, much: Math.abs(by) >= largeDeviation }));
}
