import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('BackOff', () => {
  it('doubles from 250 ms to 2 s and begins again after a success', () => {
    const backOff = new BackOff(() => 0);
    expect(Array.from({ length: 5 }, () => backOff.next())).toEqual([250, 500, 1_000, 2_000, 2_000]);
    backOff.reset();
    expect(backOff.next()).toBe(250);
  });

  it('takes off up to a half at random', () => {
    expect(new BackOff(() => 1).next()).toBe(125);
  });
});
