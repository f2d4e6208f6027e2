import { describe, expect, it } from 'vitest';
import { throughALaw } from './a-law.ts';

describe('A-law', () => {
  it('has the levels of G.711: next to zero, where the segments meet, and the last', () => {
    // Output values of ITU-T G.711 table 1a (13 bits), times eight.
    expect([0, 15, 16, 31].map(throughALaw)).toEqual([8, 8, 24, 24]);
    expect([-1, -16, -17].map(throughALaw)).toEqual([-8, -8, -24]);
    expect([511, 512, 1_023, 1_024, 2_047].map(throughALaw)).toEqual([504, 528, 1_008, 1_056, 2_016]);
    expect(throughALaw(32_767)).toBe(32_256);
    expect(throughALaw(-32_768)).toBe(-32_256);
  });

  it('keeps every one of its 256 levels, and errs by no more than half a step', () => {
    const levels = new Set<number>();
    for (let sample = -32_768; sample <= 32_767; sample++) {
      const heard = throughALaw(sample);
      levels.add(heard);
      if (throughALaw(heard) !== heard) expect.fail(`${sample} becomes ${heard}, which becomes another`);
      const tolerance = Math.max(16, Math.abs(sample) / 32 + 8);
      if (Math.abs(heard - sample) > tolerance) expect.fail(`${sample} becomes ${heard}`);
    }
    expect(levels.size).toBe(256);
  });
});
