import { expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

it('takes the median epoch for those to come, so that one slow epoch does not count', () => {
  expect(timeLeft([10, 600, 12], 10)).toBe('2.0 min');
  expect(timeLeft([600], 12)).toBe('2.0 h');
  expect(timeLeft([600], 0)).toBe('0.0 min');
});
