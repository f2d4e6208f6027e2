import { describe, expect, it } from 'vitest';
import { html } from './html.ts';
import { plotFrame, ticks } from './plot-frame.ts';

describe('a plot', () => {
  it('has round ticks within its axis', () => {
    expect(ticks({ low: 0, high: 1 }).map((value) => value.toFixed(2))).toEqual([
      '0.00',
      '0.20',
      '0.40',
      '0.60',
      '0.80',
      '1.00',
    ]);
    expect(ticks({ low: 1, high: 60 })).toEqual([10, 20, 30, 40, 50, 60]);
    for (const value of ticks({ low: 1.34, high: 2.71 })) {
      expect(value).toBeGreaterThanOrEqual(1.34);
      expect(value).toBeLessThanOrEqual(2.71);
    }
  });

  it('has no ticks between whole epochs when there are few', () => {
    expect(ticks({ low: 1, high: 3, whole: true })).toEqual([1, 2, 3]);
  });

  it('places low values at the left and at the bottom', () => {
    const axis = { label: '', low: -1, high: 3 };
    plotFrame('', axis, axis, (x, y) => {
      expect(x(-1)).toBeLessThan(x(3));
      expect(y(-1)).toBeGreaterThan(y(3));
      expect(x(1)).toBeCloseTo((x(-1) + x(3)) / 2, 9);
      expect(y(1)).toBeCloseTo((y(-1) + y(3)) / 2, 9);
      return html``;
    });
  });

  it('says what it shows to those who do not see it', () => {
    const axis = { label: 'epoch', low: 0, high: 1 };
    expect(plotFrame('Loss & more', axis, axis, () => html``).text).toContain(
      'role="img" aria-label="Loss &#38; more"',
    );
  });
});
