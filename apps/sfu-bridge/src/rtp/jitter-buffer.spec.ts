import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';

const options = { capacityPackets: 128, minDelayMs: 80, maxDelayMs: 80, clockRateHz: 48_000 };
const start = 100_000;

/** Packet `n` of a stream of 20 ms packets; its payload names it. */
const arrive = (buffer: JitterBuffer, n: number, atMs: number) =>
  buffer.insert(start + n, 960 * n, Uint8Array.of(n & 0xff, n >> 8), atMs);

/** Everything that comes out by `nowMs`: packet numbers, and losses as negative counts. */
function takeAll(buffer: JitterBuffer, nowMs: number): number[] {
  const out: number[] = [];
  for (;;) {
    switch (buffer.take(nowMs)) {
      case 'packet':
        out.push(buffer.payload[0] | (buffer.payload[1] << 8));
        break;
      case 'lost':
        out.push(-buffer.lostPackets);
        break;
      case 'nothing':
        return out;
    }
  }
}

describe('JitterBuffer', () => {
  it('gives out packets that are in order at once', () => {
    const buffer = new JitterBuffer(options);
    for (let n = 0; n < 10; n++) {
      expect(arrive(buffer, n, 20 * n)).toBe('held');
      expect(takeAll(buffer, 20 * n)).toEqual([n]);
    }
  });

  it('puts reordered packets in order without declaring a loss', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    expect(takeAll(buffer, 0)).toEqual([0]);
    arrive(buffer, 2, 40);
    expect(takeAll(buffer, 40)).toEqual([]);
    arrive(buffer, 1, 45);
    expect(takeAll(buffer, 45)).toEqual([1, 2]);
  });

  it('declares a loss when the packet behind the hole has waited for the playout delay', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    arrive(buffer, 3, 60);
    expect(takeAll(buffer, 139)).toEqual([0]);
    expect(takeAll(buffer, 140)).toEqual([-2, 3]);
    expect(arrive(buffer, 2, 150)).toBe('late');
  });

  it('declares a loss when the packets behind the hole span the playout delay, whatever the clock says', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    takeAll(buffer, 0);
    for (const n of [2, 3, 4, 5]) {
      arrive(buffer, n, 0);
      expect(takeAll(buffer, 0)).toEqual([]);
    }
    arrive(buffer, 6, 0);
    expect(takeAll(buffer, 0)).toEqual([-1, 2, 3, 4, 5, 6]);
  });

  it('tells duplicates from late packets, played or waiting', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    arrive(buffer, 2, 0);
    expect(arrive(buffer, 2, 1)).toBe('duplicate');
    takeAll(buffer, 500);
    expect(arrive(buffer, 0, 501)).toBe('duplicate');
    expect(arrive(buffer, 2, 501)).toBe('duplicate');
    expect(arrive(buffer, 1, 501)).toBe('late');
  });

  it('holds a packet far ahead only after what waits is taken out', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    takeAll(buffer, 0);
    arrive(buffer, 2, 20);
    expect(buffer.overflows(start + 500)).toBe(true);
    expect(takeAll(buffer, Number.POSITIVE_INFINITY)).toEqual([-1, 2]);
    expect(buffer.overflows(start + 500)).toBe(false);
    arrive(buffer, 500, 40);
    expect(takeAll(buffer, 500)).toEqual([-497, 500]);
  });

  it('takes a packet far behind one that waits for late, though it is not behind what was played', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    takeAll(buffer, 0);
    expect(arrive(buffer, 2_000, 20)).toBe('held');
    expect(takeAll(buffer, 20)).toEqual([]);
    // The first of these would take the slot of the one that waits.
    expect(arrive(buffer, 80, 40)).toBe('late');
    expect(arrive(buffer, 50, 40)).toBe('late');
    expect(arrive(buffer, 1_990, 40)).toBe('held');
    expect(takeAll(buffer, 120)).toEqual([-1_989, 1_990, -9, 2_000]);
    expect(buffer.held).toBe(0);
  });

  it('says how many packets waited in vain when their sender began anew', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 5_000, 0);
    takeAll(buffer, 0);
    for (const n of [5_002, 5_003]) arrive(buffer, n, 20);
    arrive(buffer, 10, 20);
    expect(arrive(buffer, 11, 40)).toBe('restarted');
    expect(buffer.discardedPackets).toBe(2);
  });

  it('believes a restarted sender at its second packet', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 5_000, 0);
    takeAll(buffer, 0);
    expect(arrive(buffer, 10, 20)).toBe('suspect');
    expect(arrive(buffer, 11, 40)).toBe('restarted');
    expect(takeAll(buffer, 40)).toEqual([11]);
    expect(arrive(buffer, 12, 60)).toBe('held');
    expect(takeAll(buffer, 60)).toEqual([12]);
  });

  it('is not thrown off by one packet with an incredible number', () => {
    const buffer = new JitterBuffer(options);
    arrive(buffer, 0, 0);
    takeAll(buffer, 0);
    expect(arrive(buffer, 20_000, 10)).toBe('suspect');
    arrive(buffer, 1, 20);
    expect(takeAll(buffer, 20)).toEqual([1]);
  });

  it('under any loss, reordering and duplication gives each packet once, in order, and accounts for every hole', () => {
    const fate = fc.record({
      lost: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
      twice: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
      delayMs: fc.integer({ min: 0, max: 250 }),
    });
    fc.assert(
      fc.property(fc.array(fate, { minLength: 2, maxLength: 300 }), (fates) => {
        fates[0] = { lost: false, twice: false, delayMs: 0 };
        const arrivals = fates
          .flatMap(({ lost, twice, delayMs }, n) =>
            lost
              ? []
              : [{ n, atMs: 20 * n + delayMs }, ...(twice ? [{ n, atMs: 20 * n + delayMs + 3 }] : [])],
          )
          .sort((a, b) => a.atMs - b.atMs);
        const buffer = new JitterBuffer(options);
        const out: number[] = [];
        const counts = { held: 0, duplicate: 0, late: 0 };
        for (const { n, atMs } of arrivals) {
          out.push(...takeAll(buffer, atMs));
          counts[arrive(buffer, n, atMs) as keyof typeof counts]++;
          out.push(...takeAll(buffer, atMs));
        }
        out.push(...takeAll(buffer, Number.POSITIVE_INFINITY));
        expect(buffer.held).toBe(0);
        expect(counts.held + counts.duplicate + counts.late).toBe(arrivals.length);
        expect(out.filter((n) => n >= 0)).toHaveLength(counts.held);
        // Packets and losses together count through the stream without a hole.
        let next = 0;
        for (const each of out) {
          if (each < 0) next -= each;
          else expect(each).toBe(next++);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a capacity that is not a power of two', () => {
    expect(() => new JitterBuffer({ ...options, capacityPackets: 100 })).toThrow(RangeError);
  });
});
