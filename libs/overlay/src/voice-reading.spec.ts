import { type EmotionPoint, expressions, PointHistory, type Speaker } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import type { SpeakerTrack } from './call-feed.ts';
import { readVoice } from './voice-reading.ts';

const speaker: Speaker = {
  callId: 'c',
  id: 'ana',
  name: 'Ana',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: 0,
};
const point = (overrides: Partial<EmotionPoint> = {}): EmotionPoint => ({
  atMs: 10_000,
  state: 'speech',
  probabilities: expressions.map((each) => (each === 'angry' ? 0.65 : 0.05)),
  valence: -0.5,
  arousal: 0.5,
  confidence: 0.65,
  ...overrides,
});
const silent = point({ state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 });

function track(points: EmotionPoint[], overrides: Partial<Speaker> = {}): SpeakerTrack {
  const history = new PointHistory({ maxPoints: 10, historyMs: 60_000 });
  for (const each of points) history.append(each);
  return { speaker: { ...speaker, ...overrides }, leftAtMs: null, history, completeSinceMs: 0 };
}

describe('the reading of a voice', () => {
  test('is the likeliest expression with its confidence', () => {
    expect(readVoice(track([point()]), 10_200)).toEqual({
      state: 'speech',
      expression: 'angry',
      confidence: expect.closeTo(0.65, 4),
      tentative: false,
    });
  });

  test('is tentative where the confidence is low', () => {
    expect(readVoice(track([point({ confidence: 0.29 })]), 10_200)).toMatchObject({
      expression: 'angry',
      tentative: true,
    });
  });

  test('has no expression in silence, in lost audio, while warming up and before anything was heard', () => {
    const states = [
      [silent, 'silence'],
      [point({ state: 'concealed' }), 'concealed'],
      [point({ state: 'warming-up' }), 'listening'],
    ] as const;
    for (const [each, state] of states)
      expect(readVoice(track([each]), 10_200)).toMatchObject({ state, expression: null, confidence: null });
    expect(readVoice(track([]), 10_200).state).toBe('listening');
  });

  test('says nothing of now when the newest point is old', () => {
    expect(readVoice(track([point()]), 14_001)).toMatchObject({ state: 'no-data', expression: null });
  });

  test('says that a silent microphone is muted', () => {
    expect(readVoice(track([silent], { muted: true }), 10_200).state).toBe('muted');
    expect(readVoice(track([point()], { muted: true }), 14_001).state).toBe('muted');
  });

  test('says who has left and who is not analysed, whatever was heard before', () => {
    expect(readVoice({ ...track([point()]), leftAtMs: 10_100 }, 10_200).state).toBe('left');
    const decision = { analysed: false, reason: 'withdrawn' };
    expect(readVoice(track([point()], { decision }), 10_200)).toMatchObject({
      state: 'not-analysed',
      expression: null,
    });
  });
});
