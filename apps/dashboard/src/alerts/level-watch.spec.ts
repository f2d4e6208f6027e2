import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { LevelWatch } from './level-watch.ts';

const spoken = (atMs: number, angry: number, overrides: Partial<EmotionPoint> = {}): EmotionPoint => ({
  atMs,
  state: 'speech',
  probabilities: [1 - angry, 0, 0, 0, angry, 0, 0, 0],
  valence: -angry,
  arousal: 0.2,
  confidence: 0.8,
  ...overrides,
});
const silent = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});

const angry = (overrides: object = {}) =>
  new LevelWatch(
    {
      kind: 'expression',
      expressions: ['angry', 'disgust'],
      enter: 0.6,
      clear: 0.4,
      minConfidence: 0.5,
      forMs: 2_000,
      ...overrides,
    },
    10_000,
  );

/** Points every 200 ms from `fromMs` to before `untilMs`. */
const every = (fromMs: number, untilMs: number, point: (atMs: number) => EmotionPoint): EmotionPoint[] =>
  Array.from({ length: (untilMs - fromMs) / 200 }, (_, i) => point(fromMs + i * 200));
const found = (watch: LevelWatch, points: EmotionPoint[]): Finding[] =>
  points.flatMap((point) => watch.take(point) ?? []);

describe('a threshold', () => {
  test('fires when it has been passed for long enough, with the evidence from its first point', () => {
    expect(
      found(
        angry(),
        every(200, 10_000, (at) => spoken(at, 0.7)),
      ),
    ).toEqual([{ what: 'fired', atMs: 2_000, fromMs: 0, untilMs: null }]);
  });

  test('does not fire a moment earlier, nor below its limit', () => {
    expect(
      found(
        angry(),
        every(200, 2_000, (at) => spoken(at, 0.7)),
      ),
    ).toEqual([]);
    expect(
      found(
        angry(),
        every(200, 60_000, (at) => spoken(at, 0.59)),
      ),
    ).toEqual([]);
  });

  test('counts speech alone: pauses neither add nor begin anew, unless they are long', () => {
    const points = [
      ...every(200, 1_400, (at) => spoken(at, 0.7)),
      ...every(1_400, 9_000, silent),
      ...every(9_000, 9_800, (at) => spoken(at, 0.7)),
    ];
    expect(found(angry(), points)).toMatchObject([{ what: 'fired', fromMs: 0 }]);
    const longPause = [
      ...every(200, 1_400, (at) => spoken(at, 0.7)),
      ...every(1_400, 20_000, silent),
      ...every(20_000, 20_800, (at) => spoken(at, 0.7)),
    ];
    expect(found(angry(), longPause)).toEqual([]);
  });

  test('lets a level between its limits neither count nor begin anew', () => {
    const points = [
      ...every(200, 1_400, (at) => spoken(at, 0.7)),
      ...every(1_400, 5_000, (at) => spoken(at, 0.5)),
      ...every(5_000, 5_800, (at) => spoken(at, 0.7)),
    ];
    expect(found(angry(), points)).toMatchObject([{ what: 'fired', atMs: 5_600 }]);
    const calmed = points.map((point) => (point.atMs === 3_000 ? spoken(3_000, 0.39) : point));
    expect(found(angry(), calmed)).toEqual([]);
  });

  test.each([
    ['too little trusted', { confidence: 0.49 }],
    ['warming up', { state: 'warming-up' as const }],
    ['concealed', { state: 'concealed' as const }],
  ])('passes over points that are %s', (_, overrides) => {
    expect(
      found(
        angry(),
        every(200, 20_000, (at) => spoken(at, 0.9, overrides)),
      ),
    ).toEqual([]);
  });

  test('ends after three seconds of calm speech, not at the first calm word, and says how far the evidence reaches', () => {
    const points = [
      ...every(200, 4_200, (at) => spoken(at, 0.7)),
      ...every(4_200, 6_000, (at) => spoken(at, 0.1)),
      ...every(6_000, 6_400, (at) => spoken(at, 0.5)),
      ...every(6_400, 12_000, (at) => spoken(at, 0.1)),
    ];
    expect(found(angry(), points)).toEqual([
      { what: 'fired', atMs: 2_000, fromMs: 0, untilMs: null },
      { what: 'ended', atMs: 9_200, fromMs: 0, untilMs: 6_200 },
    ]);
  });

  test('stays quiet for its cooldown after its end', () => {
    const points = [
      ...every(200, 4_200, (at) => spoken(at, 0.7)),
      ...every(4_200, 8_200, (at) => spoken(at, 0.1)),
      ...every(8_200, 30_000, (at) => spoken(at, 0.7)),
    ];
    const findings = found(angry(), points);
    expect(findings.map(({ what }) => what)).toEqual(['fired', 'ended', 'fired']);
    // Ended at 7 s: quiet until 17 s, and two seconds of speech from there.
    expect(findings[2].atMs).toBe(18_800 + 0);
  });

  test('adds expressions up', () => {
    const mixed = (at: number) => spoken(at, 0, { probabilities: [0.3, 0, 0, 0, 0.4, 0, 0.3, 0] });
    expect(found(angry(), every(200, 4_000, mixed))).toHaveLength(1);
  });

  test('looks below as well as above, at valence, arousal and their change', () => {
    const levels = { minConfidence: 0.5, forMs: 2_000 };
    const low = new LevelWatch(
      { kind: 'affect', axis: 'valence', direction: 'below', enter: -0.5, clear: -0.2, ...levels },
      0,
    );
    expect(
      found(
        low,
        every(200, 4_000, (at) => spoken(at, 0.6)),
      ),
    ).toHaveLength(1);
    const high = new LevelWatch(
      { kind: 'affect', axis: 'arousal', direction: 'above', enter: 0.5, clear: 0.2, ...levels },
      0,
    );
    expect(
      found(
        high,
        every(200, 4_000, (at) => spoken(at, 0.6)),
      ),
    ).toEqual([]);
    const fallen = () =>
      new LevelWatch(
        { kind: 'change', axis: 'valence', direction: 'below', enter: -2, clear: -1, ...levels },
        0,
      );
    expect(
      found(
        fallen(),
        every(200, 9_000, (at) => spoken(at, 0.9)),
      ),
    ).toEqual([]);
    const changed = (at: number) => spoken(at, 0.9, { change: { valence: -2.5, arousal: 0 } });
    expect(found(fallen(), every(200, 9_000, changed))).toHaveLength(1);
  });

  test('that lasts, ends with its voice, and one that was resumed does not fire again', () => {
    const watch = angry();
    watch.resume(500);
    expect(
      found(
        watch,
        every(1_000, 9_000, (at) => spoken(at, 0.7)),
      ),
    ).toEqual([]);
    expect(watch.end()).toEqual({ what: 'ended', atMs: 8_800, fromMs: 500, untilMs: 8_800 });
    expect(watch.end()).toBeNull();
  });
});
