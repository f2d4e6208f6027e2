import { type EmotionPoint, expressions, ribbonCells } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { SpeakerRibbon } from './speaker-ribbon.ts';

const neutral = expressions.indexOf('neutral');
const angry = expressions.indexOf('angry');

const point = (atMs: number, expression: number, arousal = 0): EmotionPoint => ({
  atMs,
  state: 'speech',
  probabilities: expressions.map((_, k) => (k === expression ? 0.79 : 0.03)),
  valence: 0,
  arousal,
  confidence: 0.8,
});

describe('a speaker ribbon', () => {
  test('puts the points of a second into one cell, the likeliest over the second first', () => {
    const ribbon = new SpeakerRibbon();
    ribbon.add(point(5_000, neutral, 0.2), 1);
    ribbon.add(point(5_200, angry, 0.4), 2);
    ribbon.add(point(5_400, angry, 0.6), 3);
    ribbon.add(point(6_000, neutral, 0), 4);
    expect(ribbon.since(-1)).toEqual({
      startMs: 5_000,
      state: [0, 0],
      expression: [angry, neutral],
      confidence: [80, 80],
      arousal: [40, 0],
    });
  });

  test('gives silence no expression', () => {
    const ribbon = new SpeakerRibbon();
    ribbon.add(point(1_000, angry), 1);
    ribbon.add(
      { atMs: 1_500, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 },
      2,
    );
    expect(ribbon.since(-1).expression).toEqual([-1]);
  });

  test('marks seconds in which nothing was judged', () => {
    const ribbon = new SpeakerRibbon();
    ribbon.add(point(1_000, angry), 1);
    ribbon.add(point(4_000, angry), 2);
    expect(ribbon.since(-1).state).toEqual([0, -1, -1, 0]);
  });

  test('gives only the cells that changed since a version', () => {
    const ribbon = new SpeakerRibbon();
    for (let second = 1; second <= 10; second++) ribbon.add(point(second * 1_000, angry), second);
    expect(ribbon.since(8)).toMatchObject({ startMs: 9_000, state: [0, 0] });
    expect(ribbon.since(10).state).toEqual([]);
  });

  test('keeps two minutes, however long the call and its gaps', () => {
    const ribbon = new SpeakerRibbon();
    for (let second = 0; second < 500; second++) ribbon.add(point(second * 1_000, angry), second);
    expect(ribbon.since(-1).state).toHaveLength(ribbonCells);
    expect(ribbon.since(-1).startMs).toBe((500 - ribbonCells) * 1_000);
    ribbon.add(point(9_000_000, neutral), 501);
    const { state } = ribbon.since(-1);
    expect(state).toHaveLength(ribbonCells);
    expect(state.filter((each) => each >= 0)).toEqual([0]);
  });

  test('tells everyone when it forgets', () => {
    const ribbon = new SpeakerRibbon();
    ribbon.add(point(1_000, angry), 1);
    ribbon.add(point(2_000, angry), 2);
    ribbon.clear(3);
    expect(ribbon.since(2)).toMatchObject({ startMs: 1_000, state: [-1, -1], expression: [-1, -1] });
  });
});
