import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('BackOff', () => {
  it('doubles up to its longest wait and begins again after a success', () => {
    const backOff = new BackOff(100, 500, () => 0);
    expect(Array.from({ length: 5 }, () => backOff.next())).toEqual([100, 200, 400, 500, 500]);
    backOff.reset();
    expect(backOff.next()).toBe(100);
  });

  it('takes off up to a half at random', () => {
    expect(new BackOff(100, 500, () => 1).next()).toBe(50);
  });
});
