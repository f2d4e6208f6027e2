import { expect, test } from 'vitest';
import { labelInk } from './label-ink.ts';

test('a label is black on light and white on dark, as the colour looks on its surface', () => {
  expect(labelInk('rgb(245, 212, 74)', 1, 'rgb(26, 28, 34)')).toBe('#000');
  expect(labelInk('rgb(31, 47, 168)', 1, 'rgb(255, 255, 255)')).toBe('#fff');
  expect(labelInk('rgb(31, 47, 168)', 0.3, 'rgb(255, 255, 255)')).toBe('#000');
  expect(labelInk('rgb(245, 212, 74)', 0.3, 'rgb(26, 28, 34)')).toBe('#fff');
});
