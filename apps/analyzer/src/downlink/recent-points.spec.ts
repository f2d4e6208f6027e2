import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import { type PointsMessage, RecentPoints } from './recent-points.ts';

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
    const kept = times(recent.take());
    expect(kept.slice(-26)).toEqual(Array.from({ length: 26 }, (_, i) => 55_000 + 200 * i));
    expect(kept.length).toBeLessThanOrEqual(2 * 26 + 1);
    expect(recent.take()).toEqual([]);
  });

  it('never keeps more than about twice its capacity', () => {
    const recent = new RecentPoints(4);
    for (let i = 0; i < 1_000; i++) recent.add(points('a', 1));
    expect(recent.take().length).toBeLessThanOrEqual(8);
  });

  it('forgets a speaker at once', () => {
    const recent = new RecentPoints(10);
    for (const message of [points('a', 1), points('b', 2), points('a', 3)]) recent.add(message);
    recent.forget('c', 'a');
    expect(recent.take()).toEqual([points('b', 2)]);
  });
});
