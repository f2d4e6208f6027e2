import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { compare } from './comparison.ts';
import type { JudgedClip } from './judged-clip.ts';

/** 8 speakers of 30 clips; a clip is right when its own difficulty is below `skill`. */
function clips(skill: number): JudgedClip[] {
  const random = new SeededRandom(4);
  return Array.from({ length: 240 }, (_, i) => {
    const speaker = i % 8;
    const label = (i >> 3) % 2;
    // Some voices are much harder than others.
    const right = random.next() * (0.5 + speaker / 8) < skill;
    const decided = right ? label : 1 - label;
    return {
      file: `${i}.wav`,
      speaker: `s${speaker}`,
      dataset: 'own',
      gender: 'female',
      seconds: 1,
      label,
      probabilities: Float32Array.from([0, 1], (c) => (c === decided ? 0.9 : 0.1)),
    };
  });
}

const width = ({ low, high }: { low: number; high: number }) => high - low;

describe('a ratio of scores', () => {
  it('is 1 without any doubt where nothing changes', () => {
    const { ratio } = compare(clips(0.6), clips(0.6), 2);
    expect(ratio.uar).toEqual({ value: 1, low: 1, high: 1 });
    expect(ratio.accuracy).toEqual({ value: 1, low: 1, high: 1 });
  });

  it('is that of the two scores, and its interval holds it', () => {
    const { uar, ratio } = compare(clips(0.6), clips(0.5), 2);
    const whole = compare(clips(0.6), clips(0.6), 2).uar;
    expect(ratio.uar.value).toBeCloseTo(uar.value / whole.value);
    expect(ratio.uar.value).toBeLessThan(1);
    expect(ratio.uar.low).toBeLessThan(ratio.uar.value);
    expect(ratio.uar.high).toBeGreaterThan(ratio.uar.value);
    expect(ratio.uar.high).toBeLessThan(1);
  });

  it('is known better than either score, since both are of the same clips', () => {
    const { uar, ratio } = compare(clips(0.6), clips(0.58), 2);
    expect(width(ratio.uar)).toBeLessThan(width(uar) / 2);
  });

  it('has an interval that holds the true ratio in about 95 of 100 repetitions', () => {
    // Independent clips of many speakers, right with 0.8 before and, for every eighth of those, wrong after.
    const random = new SeededRandom(9);
    const repetitions = 40;
    let held = 0;
    for (let k = 0; k < repetitions; k++) {
      const pairs = Array.from({ length: 100 }, (_, i) => {
        const before = random.next() < 0.8;
        const after = before && random.next() < 0.875;
        const judged = (right: boolean): JudgedClip => ({
          ...clips(1)[0],
          file: `${i}.wav`,
          speaker: `s${i % 50}`,
          label: 0,
          probabilities: right ? Float32Array.of(1, 0) : Float32Array.of(0, 1),
        });
        return { before: judged(before), after: judged(after) };
      });
      const { ratio } = compare(
        pairs.map(({ before }) => before),
        pairs.map(({ after }) => after),
        2,
      );
      if (ratio.accuracy.low <= 0.875 && ratio.accuracy.high >= 0.875) held++;
    }
    expect(held / repetitions).toBeGreaterThanOrEqual(0.85);
  }, 120_000);
});
