import { describe, expect, it } from 'vitest';
import { workerOf } from './worker-of.ts';

const speakers = Array.from({ length: 4_000 }, (_, i) => ({
  callId: `call-${i >> 2}`,
  id: `speaker-${i & 3}`,
}));

describe('workerOf', () => {
  it.each([2, 3, 4, 7, 16])('spreads speakers over %i workers evenly', (workers) => {
    const counts = new Array<number>(workers).fill(0);
    for (const speaker of speakers) counts[workerOf(speaker, workers)]++;
    // Within four standard deviations of a fair draw.
    const fair = speakers.length / workers;
    const spread = Math.sqrt(fair * (1 - 1 / workers));
    for (const count of counts) expect(Math.abs(count - fair)).toBeLessThan(4 * spread);
  });

  it('always gives the same speaker the same worker, whatever else is said of them', () => {
    for (const { callId, id } of speakers.slice(0, 100))
      expect(workerOf({ id, callId }, 5)).toBe(workerOf({ callId, id }, 5));
  });

  it('spreads the speakers of one call, too', () => {
    const workers = new Set(
      Array.from({ length: 32 }, (_, i) => workerOf({ callId: 'town-hall', id: `${i}` }, 4)),
    );
    expect(workers.size).toBe(4);
  });
});
