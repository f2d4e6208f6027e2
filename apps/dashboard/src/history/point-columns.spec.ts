import { type EmotionPoint, expressions, pointStates } from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nobody, PointColumns, packedValue, pointOf, valuesPerPoint } from './point-columns.ts';

const fraction = (low: number, high: number) =>
  fc.integer({ min: low * 10_000, max: high * 10_000 }).map((n) => n / 10_000);

const anyPoint: fc.Arbitrary<EmotionPoint> = fc.record({
  atMs: fc.integer({ min: 0, max: 2 ** 45 }),
  state: fc.constantFrom(...pointStates),
  probabilities: fc.option(fc.array(fraction(0, 1), { minLength: 8, maxLength: 8 })),
  valence: fc.option(fraction(-1, 1)),
  arousal: fc.option(fraction(-1, 1)),
  confidence: fraction(0, 1),
});
const withChange = fc
  .tuple(anyPoint, fc.option(fc.record({ valence: fraction(-4, 4), arousal: fraction(-4, 4) })))
  .map(([point, change]): EmotionPoint => (change ? { ...point, change } : point));

const read = (columns: PointColumns, i: number): EmotionPoint => {
  const packed = columns.packed();
  const values = Array.from({ length: valuesPerPoint }, (_, column) => packedValue(packed, i, column));
  return pointOf(packed.atMs[i], values);
};

describe('the columns of points', () => {
  test('give back every point that went in, to the four digits of the wire', () => {
    fc.assert(
      fc.property(fc.array(withChange, { maxLength: 50 }), (points) => {
        const columns = new PointColumns(50);
        for (const point of points) columns.add(3, point);
        expect(points.map((_, i) => read(columns, i))).toEqual(points);
      }),
    );
  });

  test('grow up to their capacity and then refuse', () => {
    const columns = new PointColumns(3_000);
    const [point] = fc.sample(anyPoint, 1);
    for (let i = 0; i < 3_000; i++) expect(columns.add(i, { ...point, atMs: i })).toBe(true);
    expect(columns.add(0, point)).toBe(false);
    expect(columns.length).toBe(3_000);
    const { atMs, owner } = columns.packed();
    expect(Array.from(atMs)).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
    expect(owner[2_999]).toBe(2_999);
  });

  test('make the points of one speaker nobody’s, and no others', () => {
    const columns = new PointColumns(10);
    const [point] = fc.sample(anyPoint, 1);
    for (const owner of [0, 1, 0, 2]) columns.add(owner, point);
    columns.forget(0);
    expect(Array.from(columns.packed().owner)).toEqual([nobody, 1, nobody, 2]);
  });

  test('have a value for everything that a point holds', () => {
    expect(valuesPerPoint).toBe(1 + expressions.length + 5);
  });
});
