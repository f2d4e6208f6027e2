import { expressions, type Ribbon } from '@undertone/wire';
import { describe, expect, test } from 'vitest';
import { RibbonTrack } from './ribbon-track.ts';

const [neutral, angry] = [expressions.indexOf('neutral'), expressions.indexOf('angry')];
const cells = (firstCell: number, ...expression: number[]): Ribbon => ({
  startMs: firstCell * 1_000,
  state: expression.map((each) => (each < 0 ? 2 : 0)),
  expression,
  confidence: expression.map(() => 50),
  arousal: expression.map(() => 0),
});
const cell = { state: 0, expression: 0, confidence: 0, arousal: 0 };

describe('a ribbon track', () => {
  test('has nothing where nothing was judged', () => {
    const track = new RibbonTrack();
    expect(track.read(0, cell)).toBe(false);
    track.merge(cells(100, angry));
    expect(track.read(99, cell)).toBe(false);
    expect(track.read(100, cell)).toBe(true);
    expect(track.read(220, cell)).toBe(false);
  });

  test('tells what was heard most in the last seconds, the newer one of equals', () => {
    const track = new RibbonTrack();
    track.merge(cells(100, neutral, neutral, neutral, angry, angry, -1, -1));
    expect(track.heardMost(7, 106)).toBe('neutral');
    expect(track.heardMost(6, 106)).toBe('angry');
    expect(track.heardMost(2, 106)).toBeNull();
  });

  test('lets one confident second outweigh doubtful ones', () => {
    const track = new RibbonTrack();
    const ribbon = cells(100, neutral, neutral, angry, -1);
    track.merge({ ...ribbon, confidence: [10, 10, 80, 0] });
    expect(track.heardMost(4, 103)).toBe('angry');
  });

  test('is told in words', () => {
    const track = new RibbonTrack();
    expect(track.inWords()).toBe('nothing said in the last two minutes');
    track.merge(cells(100, angry, angry, angry, neutral, -1));
    expect(track.inWords()).toBe('last two minutes mostly angry, then neutral');
  });

  test('leaves the distant past out of its words', () => {
    const track = new RibbonTrack();
    track.merge(cells(100, angry, angry));
    track.merge(cells(330, neutral));
    expect(track.inWords()).toBe('last two minutes mostly neutral');
  });
});
