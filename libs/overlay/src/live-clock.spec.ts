import { describe, expect, test } from 'vitest';
import { LiveClock } from './live-clock.ts';

describe('a live clock', () => {
  test('is the clock of the machine until a point arrives', () => {
    expect(new LiveClock(() => 5_000).now()).toBe(5_000);
  });

  test('follows the least delayed points, whatever the clock of the machine says', () => {
    let now = 1_000_000;
    const clock = new LiveClock(() => now);
    for (const delayMs of [900, 400, 700]) {
      clock.observe(now - 3_600_000 - delayMs);
      now += 1_000;
    }
    expect(clock.now()).toBe(now - 3_600_400);
  });

  test('forgets an offset that no point has shown for a minute', () => {
    let now = 0;
    const clock = new LiveClock(() => now);
    clock.observe(50_000);
    for (now = 1_000; now <= 61_000; now += 1_000) clock.observe(now - 300);
    expect(clock.now()).toBe(now - 300);
  });
});
