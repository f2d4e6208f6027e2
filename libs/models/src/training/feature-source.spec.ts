import { describe, expect, it } from 'vitest';
import { variantRandom, variantSource } from './feature-source.ts';

const own = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `/data/${name}.wav`);

describe('a variant', () => {
  it('has other recordings of the speaker behind it, never its own, others in every variant', () => {
    const { voices } = variantSource('/data/c.wav', 1, own);
    expect(voices).toHaveLength(5);
    expect(voices).not.toContain('/data/c.wav');
    expect(new Set(voices).size).toBe(5);
    for (const voice of voices) expect(own).toContain(voice);
    expect(variantSource('/data/c.wav', 2, own).voices).not.toEqual(voices);
  });

  it('is the same wherever the corpus lies and in whatever order it is read', () => {
    const names = (voices: readonly string[]) => voices.map((voice) => voice.slice(-5));
    const here = names(variantSource('/data/c.wav', 1, own).voices);
    const there = own.map((file) => file.replace('data', 'elsewhere')).reverse();
    expect(names(variantSource('/elsewhere/c.wav', 1, there).voices)).toEqual(here);
    expect(variantRandom('/elsewhere/c.wav', 1).next()).toBe(variantRandom('/data/c.wav', 1).next());
    expect(variantRandom('/data/c.wav', 2).next()).not.toBe(variantRandom('/data/c.wav', 1).next());
  });

  it('is made of fewer voices where the speaker has no more', () => {
    expect(variantSource('/data/a.wav', 1, own.slice(0, 1)).voices).toEqual([]);
    expect(variantSource('/data/a.wav', 1, own.slice(0, 3)).voices).toHaveLength(2);
  });
});
