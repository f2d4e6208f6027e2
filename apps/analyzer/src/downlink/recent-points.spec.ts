import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import type { PointsMessage } from './points-queue.ts';
import { RecentPoints } from './recent-points.ts';

const points = (speakerId: string, atMs: number): PointsMessage => ({
  type: 'points',
  callId: 'c',
  speakerId,
  points: [{ atMs, state: 'silence' } as EmotionPoint],
});
const times = (messages: PointsMessage[]) => messages.map((each) => each.points[0].atMs);

describe('RecentPoints', () => {
  it('keeps the last five seconds, oldest first, and hands them out once', () => {
    const recent = new RecentPoints(1_000);
    for (let atMs = 0; atMs <= 60_000; atMs += 200) recent.add(points('a', atMs));
    expect(times(recent.take())).toEqual(Array.from({ length: 26 }, (_, i) => 55_000 + 200 * i));
    expect(recent.take()).toEqual([]);
  });

  it('keeps no more than its capacity', () => {
    const recent = new RecentPoints(4);
    for (let i = 0; i < 1_000; i++) recent.add(points('a', 1));
    expect(recent.take()).toHaveLength(4);
  });

  it('looks at a message a few times in all, however many it keeps', () => {
    const recent = new RecentPoints(100_000);
    let looks = 0;
    const count = 5_000;
    for (let n = 0; n < count; n++) {
      const message = points('a', 10 * n);
      const { points: own } = message;
      Object.defineProperty(message, 'points', {
        get: () => {
          looks++;
          return own;
        },
      });
      recent.add(message);
    }
    expect(looks).toBeLessThan(10 * count);
  });

  it('forgets a speaker at once', () => {
    const recent = new RecentPoints(10);
    for (const message of [points('a', 1), points('b', 2), points('a', 3)]) recent.add(message);
    recent.forget('c', 'a');
    expect(recent.take()).toEqual([points('b', 2)]);
  });
});
