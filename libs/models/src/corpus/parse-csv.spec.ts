import { expect, it } from 'vitest';
import { parseCsv } from './parse-csv.ts';

it('reads rows as records by the header', () => {
  expect(parseCsv('file,emotion\na.wav,sad\nb.wav,happy\n')).toEqual([
    { file: 'a.wav', emotion: 'sad' },
    { file: 'b.wav', emotion: 'happy' },
  ]);
});

it('reads quoted fields with commas, quotes and line breaks, and empty fields at the end', () => {
  expect(parseCsv('a,b,c\r\n"x, ""y""\nz",,\r\n1,2,')).toEqual([
    { a: 'x, "y"\nz', b: '', c: '' },
    { a: '1', b: '2', c: '' },
  ]);
});

it('skips blank lines and gives nothing for an empty text', () => {
  expect(parseCsv('a,b\n\n1,2\n\n')).toEqual([{ a: '1', b: '2' }]);
  expect(parseCsv('')).toEqual([]);
});

it('refuses a quote that is never closed', () => {
  expect(() => parseCsv('a\n"open')).toThrow('row 2');
});
