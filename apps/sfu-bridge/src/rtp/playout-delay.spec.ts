import { describe, expect, it } from 'vitest';
import { PlayoutDelay } from './playout-delay.ts';

const create = () => new PlayoutDelay({ minMs: 80, maxMs: 240, clockRateHz: 48_000 });

/** Packets of 20 ms, each delayed as told. */
function arrive(delay: PlayoutDelay, count: number, delayMs: (n: number) => number, from = 0): void {
  for (let n = from; n < from + count; n++) delay.arrived(960 * n, 20 * n + delayMs(n));
}

describe('PlayoutDelay', () => {
  it('stays at its least on a steady network, drift and a step in delay included', () => {
    const delay = create();
    arrive(delay, 1_000, (n) => 0.004 * n + (n > 500 ? 60 : 0));
    expect(delay.delayMs).toBe(80);
  });

  it('grows with jitter within a second and shrinks in half a minute', () => {
    const delay = create();
    arrive(delay, 50, (n) => (n % 2) * 50);
    const grown = delay.delayMs;
    expect(grown).toBeGreaterThan(150);
    arrive(delay, 50, () => 0, 50);
    expect(delay.delayMs).toBeGreaterThan(0.9 * grown);
    arrive(delay, 1_500, () => 0, 100);
    expect(delay.delayMs).toBe(80);
  });

  it('never exceeds its most', () => {
    const delay = create();
    arrive(delay, 500, (n) => (n % 2) * 400);
    expect(delay.delayMs).toBe(240);
  });

  it('waits long enough for a packet as late as the last one that came too late', () => {
    const delay = create();
    delay.cameLate(150);
    expect(delay.delayMs).toBeCloseTo(180, 6);
    delay.cameLate(5_000);
    expect(delay.delayMs).toBeCloseTo(180, 6);
  });

  it('takes a media clock that stood still for no jitter', () => {
    const delay = create();
    arrive(delay, 50, () => 0);
    arrive(delay, 50, () => 9_000, 50);
    expect(delay.delayMs).toBe(80);
  });
});
