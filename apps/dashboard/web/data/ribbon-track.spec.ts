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

  test('tells what it holds mostly, and what else if that is often', () => {
    const track = new RibbonTrack();
    expect(track.mostly()).toBeNull();
    track.merge(cells(100, angry, angry, angry, neutral, -1));
    expect(track.mostly()).toEqual({ first: 'angry', second: 'neutral' });
    track.merge(cells(104, ...Array<number>(20).fill(angry)));
    expect(track.mostly()).toEqual({ first: 'angry', second: null });
  });

  test('leaves the distant past out of what it tells', () => {
    const track = new RibbonTrack();
    track.merge(cells(100, angry, angry));
    track.merge(cells(330, neutral));
    expect(track.mostly()).toEqual({ first: 'neutral', second: null });
    expect(track.speechSeconds(330)).toBe(1);
  });

  test('counts the seconds of speech in the last two minutes', () => {
    const track = new RibbonTrack();
    track.merge(cells(100, angry, -1, neutral, angry));
    expect(track.speechSeconds(103)).toBe(3);
    expect(track.speechSeconds(221)).toBe(2);
  });
});
