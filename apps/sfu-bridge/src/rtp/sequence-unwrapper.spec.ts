import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceUnwrapper } from './sequence-unwrapper.ts';

describe('SequenceUnwrapper', () => {
  it('follows a reordered stream over any number of wraps', () => {
    const steps = fc.array(fc.integer({ min: -100, max: 3_000 }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), steps, (first, deltas) => {
        const unwrapper = new SequenceUnwrapper();
        const offset = unwrapper.unwrap(first) - first;
        let highest = first;
        for (const delta of deltas) {
          const next = highest + delta;
          expect(unwrapper.unwrap(((next % 0x1_0000) + 0x1_0000) % 0x1_0000)).toBe(next + offset);
          highest = Math.max(highest, next);
        }
      }),
    );
  });

  it('counts on from 65535 to 0 and back', () => {
    const unwrapper = new SequenceUnwrapper();
    const first = unwrapper.unwrap(0xffff);
    expect(unwrapper.unwrap(0)).toBe(first + 1);
    expect(unwrapper.unwrap(0xfffe)).toBe(first - 1);
  });
});
