import type { EmotionPoint } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { SpeakerTally, turnTaking } from './speaker-tally.ts';

const silent = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const spoken = (atMs: number, expression: number, overrides: Partial<EmotionPoint> = {}): EmotionPoint => ({
  atMs,
  state: 'speech',
  probabilities: Array.from({ length: 8 }, (_, k) => (k === expression ? 0.65 : 0.05)),
  valence: -0.5,
  arousal: 0.5,
  confidence: 0.6,
  ...overrides,
});
const tallyOf = (...points: EmotionPoint[]): SpeakerTally => {
  const tally = new SpeakerTally();
  for (const point of points) tally.add(point);
  return tally;
};

describe('the tally of a speaker', () => {
  test('lets each point stand for the time since the one before, and for a second at most', () => {
    const { speechMs, silenceMs, concealedMs } = tallyOf(
      spoken(1_000, 4),
      spoken(1_200, 4),
      silent(1_800),
      spoken(2_000, 1, { state: 'concealed' }),
      spoken(60_000, 1),
    ).report('ana', 1);
    expect({ speechMs, silenceMs, concealedMs }).toEqual({
      speechMs: 200 + 200 + 1_000,
      silenceMs: 600,
      concealedMs: 200,
    });
  });

  test('weighs expressions and means by time', () => {
    const report = tallyOf(
      silent(0),
      spoken(200, 4, { valence: -1, confidence: 1 }),
      spoken(800, 1, { valence: 0, confidence: 0 }),
    ).report('ana', 1_600);
    expect(report).toMatchObject({ talkShare: 0.5, valence: -0.25, confidence: 0.25 });
    expect(report.expressionShares).toEqual([0, 0.75, 0, 0, 0.25, 0, 0, 0]);
  });

  test('says nothing of a voice that was not heard', () => {
    expect(tallyOf(silent(0), silent(600)).report('ana', 0)).toMatchObject({
      talkShare: null,
      expressionShares: null,
      valence: null,
      confidence: null,
    });
  });
});

describe('turn taking', () => {
  test('is what is counted second by second', () => {
    const runs = [
      [
        { fromMs: 0, untilMs: 4_000 },
        { fromMs: 9_000, untilMs: 12_000 },
      ],
      [
        { fromMs: 3_000, untilMs: 5_000 },
        { fromMs: 11_000, untilMs: 11_500 },
      ],
      [{ fromMs: 3_500, untilMs: 4_500 }],
    ];
    let overlapMs = 0;
    let silenceMs = 0;
    let longestSilenceMs = 0;
    for (let ms = 0; ms < 12_000; ms += 100) {
      const speaking = runs.filter((each) =>
        each.some(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs),
      ).length;
      if (speaking >= 2) overlapMs += 100;
      silenceMs = speaking === 0 ? silenceMs + 100 : 0;
      longestSilenceMs = Math.max(longestSilenceMs, silenceMs);
    }
    expect(turnTaking(runs.map((each) => ({ runs: each })))).toEqual({ overlapMs, longestSilenceMs });
    expect(turnTaking([])).toEqual({ overlapMs: 0, longestSilenceMs: 0 });
  });
});
