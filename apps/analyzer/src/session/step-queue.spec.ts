import { describe, expect, it } from 'vitest';
import { StepQueue } from './step-queue.ts';

const step = (value: number) => Float32Array.of(value, -value);
function shifted(queue: StepQueue): number[] {
  const target = new Float32Array(5);
  queue.shift(target, 2);
  return [...target];
}

describe('StepQueue', () => {
  it('gives steps back in order, into the place asked for', () => {
    const queue = new StepQueue(3, 2);
    for (const value of [1, 2]) queue.push(step(value));
    expect(shifted(queue)).toEqual([0, 0, 1, -1, 0]);
    expect(shifted(queue)).toEqual([0, 0, 2, -2, 0]);
    expect(queue.length).toBe(0);
  });

  it('copies, so that the caller may reuse its array', () => {
    const queue = new StepQueue(3, 2);
    const features = step(7);
    queue.push(features);
    features.fill(0);
    expect(shifted(queue)).toEqual([0, 0, 7, -7, 0]);
  });

  it('lets the oldest step give way when full, and counts it', () => {
    const queue = new StepQueue(2, 2);
    expect([1, 2, 3, 4].map((value) => queue.push(step(value)))).toEqual([false, false, true, true]);
    expect({ pushed: queue.pushed, dropped: queue.dropped, length: queue.length }).toEqual({
      pushed: 4,
      dropped: 2,
      length: 2,
    });
    expect(shifted(queue)[2]).toBe(3);
  });

  it('keeps the order while it grows, wherever it began', () => {
    const queue = new StepQueue(100, 2);
    let next = 1;
    for (; next <= 8; next++) queue.push(step(next));
    expect([shifted(queue)[2], shifted(queue)[2], shifted(queue)[2]]).toEqual([1, 2, 3]);
    for (; next <= 60; next++) queue.push(step(next));
    expect(Array.from({ length: 57 }, () => shifted(queue)[2])).toEqual(
      Array.from({ length: 57 }, (_, i) => i + 4),
    );
    expect(queue.dropped).toBe(0);
  });
});
