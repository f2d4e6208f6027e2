import { describe, expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import { splitSpeakers } from './speaker-split.ts';

const clips = Array.from({ length: 60 }, (_, i): Clip => {
  const speaker = i % 20;
  const gender = speaker % 2 === 0 ? 'female' : 'male';
  return { file: `${i}.wav`, dataset: 'd', speaker: `d_${speaker}`, gender, language: 'en', label: 'sad' };
});
const nobody = { validation: [], test: [] };

describe('the split by speaker', () => {
  it('takes the shares from each gender, and puts nobody into two parts', () => {
    const split = splitSpeakers(clips, { speakers: nobody, shares: { validation: 0.1, test: 0.2 }, seed: 1 });
    const women = (names: string[]) => names.filter((name) => Number(name.slice(2)) % 2 === 0).length;
    expect([split.training.length, split.validation.length, split.test.length]).toEqual([14, 2, 4]);
    expect([women(split.training), women(split.validation), women(split.test)]).toEqual([7, 1, 2]);
    expect(new Set([...split.training, ...split.validation, ...split.test]).size).toBe(20);
  });

  it('lets one speaker validate where the share is less than one of each group', () => {
    const split = splitSpeakers(clips, {
      speakers: nobody,
      shares: { validation: 0.01, test: 0.2 },
      seed: 1,
    });
    expect(split.validation).toHaveLength(1);
    expect(split.training).toHaveLength(15);
  });

  it('depends on the seed and nothing else', () => {
    const shares = { validation: 0.1, test: 0.2 };
    const split = (seed: number) => splitSpeakers([...clips].reverse(), { speakers: nobody, shares, seed });
    expect(split(1)).toEqual(splitSpeakers(clips, { speakers: nobody, shares, seed: 1 }));
    expect(split(2)).not.toEqual(split(1));
  });

  it('takes the names given', () => {
    const speakers = { validation: ['d_3'], test: ['d_0', 'd_1'] };
    const split = splitSpeakers(clips, { speakers, shares: { validation: 0.5, test: 0.5 }, seed: 1 });
    expect(split.validation).toEqual(['d_3']);
    expect(split.test).toEqual(['d_0', 'd_1']);
    expect(split.training).toHaveLength(17);
  });

  it('refuses names that are not in the data, and data that leaves nobody to validate', () => {
    const shares = { validation: 0, test: 0 };
    expect(() =>
      splitSpeakers(clips, { speakers: { validation: ['x'], test: [] }, shares, seed: 1 }),
    ).toThrow('x');
    expect(() => splitSpeakers(clips, { speakers: nobody, shares, seed: 1 })).toThrow('too few');
  });
});
