import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleRing } from './sample-ring.ts';

describe('SampleRing', () => {
  it('behaves like a list that forgets its head when full', () => {
    const operation = fc.oneof(
      fc.record({ write: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 25 }) }),
      fc.record({ read: fc.nat(25) }),
      fc.record({ clear: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(operation), (capacity, operations) => {
        const ring = new SampleRing(capacity);
        let list: number[] = [];
        let overwritten = 0;
        for (const step of operations) {
          if ('write' in step) {
            ring.write(Int16Array.from(step.write));
            list.push(...step.write);
            overwritten += Math.max(0, list.length - capacity);
            list = list.slice(Math.max(0, list.length - capacity));
          } else if ('read' in step) {
            const target = new Int16Array(step.read);
            const count = ring.read(target);
            expect([...target.subarray(0, count)]).toEqual(list.splice(0, step.read));
          } else {
            ring.clear();
            list = [];
          }
          expect(ring.length).toBe(list.length);
          expect(ring.overwritten).toBe(overwritten);
        }
      }),
    );
  });

  it.each([0, -1, 2.5])('refuses a capacity of %d', (capacity) => {
    expect(() => new SampleRing(capacity)).toThrow(RangeError);
  });
});
