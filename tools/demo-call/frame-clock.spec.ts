import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.ts';
import { ManualTime } from './manual-time.ts';

function startClock(time: ManualTime) {
  const calls: { slot: number; wallMs: number }[] = [];
  const clock = new FrameClock(time, (slot, wallMs) => calls.push({ slot, wallMs }));
  clock.start();
  return { clock, calls };
}

describe('FrameClock', () => {
  it('calls once for every 20 ms, with the wall clock at which each slot was due', () => {
    const time = new ManualTime(5_000);
    const { calls } = startClock(time);
    time.advance(100);
    expect(calls).toEqual([0, 1, 2, 3, 4, 5].map((slot) => ({ slot, wallMs: 5_000 + 20 * slot })));
  });

  it('does not drift when every timer is late', () => {
    const time = new ManualTime();
    const { calls } = startClock(time);
    time.advance(60_000, 7);
    expect(calls.length).toBe(60_000 / 20);
    expect(calls.map(({ slot }) => slot)).toEqual(calls.map((_, i) => i));
    expect(calls.at(-1)!.wallMs).toBe(1_700_000_000_000 + 2_999 * 20);
  });

  it('catches up after a short hold-up and leaves frames out after a long one', () => {
    const time = new ManualTime();
    const { clock, calls } = startClock(time);
    time.advance(0);
    time.advance(300, 250);
    expect(clock.leftOut).toBe(0);
    expect(calls.map(({ slot }) => slot)).toEqual(calls.map((_, i) => i));
    const before = calls.length;
    time.advance(10_000, 9_000);
    expect(clock.leftOut).toBeGreaterThan(400);
    expect(calls.length - before).toBeLessThan(60);
    expect(calls.at(-1)!.slot).toBeGreaterThan(400);
  });

  it('stops at once, also from inside a call', () => {
    const time = new ManualTime();
    const slots: number[] = [];
    const clock = new FrameClock(time, (slot) => {
      slots.push(slot);
      if (slot === 2) clock.stop();
    });
    clock.start();
    time.advance(0, 0);
    time.advance(500, 200);
    time.advance(500);
    expect(slots).toEqual([0, 1, 2]);
  });
});
