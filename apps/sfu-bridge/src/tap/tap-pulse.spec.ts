import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TapPulse } from './tap-pulse.ts';

describe('TapPulse', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start() {
    const time = { nowMs: 10_000 };
    const beats: number[] = [];
    const pulse = new TapPulse(
      () => time.nowMs,
      (nowMs) => beats.push(nowMs),
    );
    return { time, beats, pulse };
  }

  it('beats every 20 ms with the time of the clock, until it is closed', () => {
    const { time, beats, pulse } = start();
    for (let n = 0; n < 3; n++) {
      time.nowMs += 20;
      vi.advanceTimersByTime(20);
    }
    pulse.close();
    vi.advanceTimersByTime(100);
    expect(beats).toEqual([10_020, 10_040, 10_060]);
  });

  it('catches up at double speed after the process stalled', () => {
    const { time, beats, pulse } = start();
    time.nowMs += 300;
    for (let n = 0; n < 20; n++) {
      pulse.beat();
      time.nowMs += 20;
    }
    pulse.close();
    expect(beats.slice(0, 3)).toEqual([10_040, 10_080, 10_120]);
    expect(beats.at(-1)).toBe(10_680);
  });

  it('follows a clock that jumps, forwards or back', () => {
    const { time, beats, pulse } = start();
    time.nowMs += 3_600_000;
    pulse.beat();
    time.nowMs -= 1_000;
    pulse.beat();
    pulse.close();
    expect(beats).toEqual([3_610_000, 3_609_000]);
  });
});
