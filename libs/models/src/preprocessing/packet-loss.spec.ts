import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { BurstyLoss } from './packet-loss.ts';

/** Lengths of the runs of lost packets among `count`, and how many were lost in all. */
function losses(lossShare: number, burstPackets: number, count = 50_000) {
  const loss = new BurstyLoss({ lossShare, burstPackets }, new SeededRandom(3));
  const runs: number[] = [];
  let run = 0;
  for (let i = 0; i < count; i++) {
    if (loss.next()) run++;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  const lost = runs.reduce((sum, length) => sum + length, 0);
  return { share: lost / count, burst: runs.length > 0 ? lost / runs.length : 0 };
}

describe('bursty packet loss', () => {
  it.each([
    [0.02, 1],
    [0.1, 1],
    [0.1, 2.5],
    [0.2, 4],
  ])('loses %d of the packets in bursts of %d', (lossShare, burstPackets) => {
    const { share, burst } = losses(lossShare, burstPackets);
    expect(Math.abs(share / lossShare - 1)).toBeLessThan(0.1);
    expect(Math.abs(burst / burstPackets - 1)).toBeLessThan(0.1);
  });

  it('loses nothing where nothing is to be lost', () => {
    expect(losses(0, 3, 1_000)).toEqual({ share: 0, burst: 0 });
  });

  it.each([
    [1, 2],
    [-0.1, 2],
    [0.2, 0.5],
    [0.9, 1],
  ])('refuses to lose %d in bursts of %d', (lossShare, burstPackets) => {
    expect(() => new BurstyLoss({ lossShare, burstPackets }, new SeededRandom(1))).toThrow(/can't lose/);
  });
});
