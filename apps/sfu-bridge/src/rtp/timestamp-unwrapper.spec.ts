import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimestampUnwrapper } from './timestamp-unwrapper.ts';

describe('TimestampUnwrapper', () => {
  it('follows a reordered stream over any number of wraps', () => {
    const steps = fc.array(fc.integer({ min: -96_000, max: 0x7fff_fff0 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), steps, (first, deltas) => {
        const unwrapper = new TimestampUnwrapper();
        const offset = unwrapper.unwrap(first) - first;
        let newest = first;
        for (const delta of deltas) {
          const next = newest + delta;
          const wrapped = ((next % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;
          expect(unwrapper.unwrap(wrapped)).toBe(next + offset);
          newest = Math.max(newest, next);
        }
      }),
    );
  });
});
