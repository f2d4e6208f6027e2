import { type Expression, expressions } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { nextUrgency, voiceUrgency } from './call-urgency.ts';
import { RibbonTrack } from './ribbon-track.ts';

/** A voice that sounded so for so many seconds each, one after the other, the last at cell 999; null is silence. */
function voice(confidence: number, ...parts: [Expression | null, number][]): RibbonTrack {
  const heard = parts.flatMap(([expression, seconds]) => Array<Expression | null>(seconds).fill(expression));
  const track = new RibbonTrack();
  track.merge({
    startMs: (1_000 - heard.length) * 1_000,
    state: heard.map((each) => (each ? 0 : 2)),
    expression: heard.map((each) => (each ? expressions.indexOf(each) : -1)),
    confidence: heard.map(() => confidence),
    arousal: heard.map(() => 0),
  });
  return track;
}
const scoreOf = (track: RibbonTrack) => voiceUrgency(track, 999).score;

describe('the urgency of a voice', () => {
  test('is none where it sounds even, pleased or was silent', () => {
    expect(scoreOf(voice(90, ['neutral', 30], ['happy', 20], ['calm', 10]))).toBe(0);
    expect(scoreOf(voice(90, [null, 60]))).toBe(0);
    expect(scoreOf(new RibbonTrack())).toBe(0);
  });

  test('follows the confidence, and the share of speech that sounded so', () => {
    const angry = scoreOf(voice(80, ['angry', 60]));
    expect(angry).toBeCloseTo(0.8, 6);
    expect(scoreOf(voice(40, ['angry', 60]))).toBeCloseTo(0.4, 6);
    expect(scoreOf(voice(80, ['neutral', 30], ['angry', 30]))).toBeLessThan(angry);
  });

  test('counts what is newer for more', () => {
    const souring = scoreOf(voice(80, ['neutral', 30], ['angry', 30]));
    expect(souring).toBeGreaterThan(scoreOf(voice(80, ['angry', 30], ['neutral', 30])));
  });

  test('is not hidden by a pause, and not raised by one word', () => {
    expect(scoreOf(voice(80, ['angry', 20], [null, 10]))).toBeGreaterThan(0.6);
    expect(scoreOf(voice(80, [null, 30], ['angry', 1]))).toBeLessThan(0.15);
  });

  test('names what speaks most for listening, with its seconds', () => {
    const track = voice(70, ['neutral', 20], ['sad', 12], ['angry', 9]);
    expect(voiceUrgency(track, 999).heard).toEqual({ expression: 'angry', seconds: 9 });
  });
});

describe('the level of urgency', () => {
  const heard = { expression: 'angry', seconds: 20 } as const;

  test('is left at a lower score than it was entered, and says since when', () => {
    const up = nextUrgency(null, 0.45, heard, 1_000);
    expect(up).toEqual({ level: 2, sinceMs: 1_000, heard });
    expect(nextUrgency(up, 0.3, heard, 2_000)).toMatchObject({ level: 2, sinceMs: 1_000 });
    const down = nextUrgency(up, 0.27, heard, 3_000);
    expect(down).toMatchObject({ level: 1, sinceMs: 3_000 });
    expect(nextUrgency(down, 0.16, heard, 4_000)).toMatchObject({ level: 1, sinceMs: 3_000 });
    expect(nextUrgency(down, 0.1, heard, 5_000)).toEqual({ level: 0, sinceMs: 5_000, heard: null });
  });

  test('is not entered at the score at which it would be kept', () => {
    expect(nextUrgency(null, 0.39, heard, 1_000).level).toBe(1);
    expect(nextUrgency(null, 0.2, heard, 1_000).level).toBe(0);
  });
});
