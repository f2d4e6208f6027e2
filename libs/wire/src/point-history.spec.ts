import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EmotionPoint } from './emotion-point.ts';
import { expressions } from './expression.ts';
import { PointHistory } from './point-history.ts';

const spoken = (atMs: number, loudest = 0): EmotionPoint => ({
  atMs,
  state: 'speech',
  probabilities: expressions.map((_, k) => (k === loudest ? 0.3 : 0.1)),
  valence: -0.25,
  arousal: 0.5,
  confidence: 0.3,
});
const silent = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const roomy = { maxPoints: 1_000, historyMs: 60_000 };

describe('a point history', () => {
  test('gives back what it was given', () => {
    const history = new PointHistory(roomy);
    history.append(spoken(1_000, 3));
    history.append(silent(1_200));
    expect(history.pointsAfter(0)).toEqual([spoken(1_000, 3), silent(1_200)]);
    const changed = { ...spoken(1_400), change: { valence: -1.25, arousal: 0 } };
    history.append(changed);
    history.append(spoken(1_600));
    expect(history.pointsAfter(1_200)).toEqual([changed, spoken(1_600)]);
    expect(history.likeliest(history.start)).toBe(3);
    expect(history.likeliest(history.start + 1)).toBe(-1);
  });

  test('takes a point once, whatever is repeated after a reconnect', () => {
    const history = new PointHistory(roomy);
    expect(history.append(silent(1_000))).toBe(true);
    expect(history.append(silent(1_000))).toBe(false);
    expect(history.append(silent(900))).toBe(false);
    expect(history.length).toBe(1);
  });

  test('forgets judgements in a reused slot', () => {
    const history = new PointHistory(roomy);
    history.append({ ...spoken(1), change: { valence: 1, arousal: 1 } });
    history.clear();
    history.append(silent(2));
    expect(history.pointsAfter(0)).toEqual([silent(2)]);
  });

  test('behaves like a plain list cut to its limits, whatever arrives', () => {
    const limits = { maxPoints: 150, historyMs: 20_000 };
    assert(
      property(array(integer({ min: -50, max: 900 }), { maxLength: 600 }), (stepsMs) => {
        const history = new PointHistory(limits);
        let expected: number[] = [];
        let atMs = 1_000_000;
        for (const stepMs of stepsMs) {
          atMs += stepMs;
          const newest = expected.at(-1) ?? Number.NEGATIVE_INFINITY;
          expect(history.append(silent(atMs))).toBe(atMs > newest);
          if (atMs <= newest) continue;
          expected = [...expected.filter((each) => each >= atMs - limits.historyMs), atMs];
          expected = expected.slice(-limits.maxPoints);
        }
        expect(history.pointsAfter(Number.NEGATIVE_INFINITY).map((point) => point.atMs)).toEqual(expected);
        const middle = expected[expected.length >> 1] ?? 0;
        expect(history.pointsAfter(middle).map((point) => point.atMs)).toEqual(
          expected.filter((each) => each > middle),
        );
      }),
    );
  });

  test('never holds more memory than twice its limit', () => {
    const history = new PointHistory({ maxPoints: 100, historyMs: 1e9 });
    for (let atMs = 0; atMs < 10_000; atMs++) history.append(silent(atMs));
    expect(history.length).toBe(100);
    expect(history.atMs.length).toBeLessThanOrEqual(256);
  });
});
