import { expect, test } from 'vitest';
import { duration, signed, spanSeconds } from './formats.ts';

test('durations read like a clock', () => {
  expect([0, 7_900, 247_000, 3_847_000, -5].map(duration)).toEqual([
    '0:00',
    '0:07',
    '4:07',
    '1:04:07',
    '0:00',
  ]);
});

test('signed numbers carry a real minus and no sign at zero', () => {
  expect([-0.624, 0.75, 0.001, -0.001].map(signed)).toEqual(['−0.62', '+0.75', '0.00', '0.00']);
});

test('short spans are told to a tenth of a second, long ones are not', () => {
  expect([1_240, 9_940, 12_400].map(spanSeconds)).toEqual(['1.2', '9.9', '12']);
});
