import { expect, test } from 'vitest';
import { english } from '../language/english.ts';
import { differences } from './own-normal.ts';

test('a change from the own normal is told in words, the larger difference first', () => {
  const words = (valence: number, arousal: number) =>
    english.call.change(differences({ valence, arousal })).replace('For this voice: ', '');
  expect(words(0.9, -0.9)).toBe('as usual');
  expect(words(-1.2, 2.4)).toBe('much more excited, less pleasant than usual');
  expect(words(3, 0)).toBe('much more pleasant than usual');
  expect(words(0.2, -1)).toBe('less excited than usual');
});
