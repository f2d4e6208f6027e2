import { expect, test } from 'vitest';
import { changeWords, duration, signed } from './words.ts';

test('durations read like a clock', () => {
  expect([0, 7_900, 247_000, 3_847_000, -5].map(duration)).toEqual([
    '0:00',
    '0:07',
    '4:07',
    '1:04:07',
    '0:00',
  ]);
});

test('a change from the own normal is told in words, the larger difference first', () => {
  const words = (valence: number, arousal: number) => changeWords({ valence, arousal });
  expect(words(0.9, -0.9)).toBe('as usual');
  expect(words(-1.2, 2.4)).toBe('much more excited, less pleasant than usual');
  expect(words(3, 0)).toBe('much more pleasant than usual');
  expect(words(0.2, -1)).toBe('less excited than usual');
});

test('signed numbers carry a real minus and no sign at zero', () => {
  expect([-0.624, 0.75, 0.001, -0.001].map(signed)).toEqual(['−0.62', '+0.75', '0.00', '0.00']);
});
