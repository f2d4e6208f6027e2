import { expect, test } from 'vitest';
import { csvRow } from './csv-row.ts';

test('a row of CSV quotes what has commas, quotes or line breaks, and leaves numbers and nothing bare', () => {
  expect(csvRow(['plain', 'a,b', 'say "no"', 'two\nlines', -0.5, null])).toBe(
    'plain,"a,b","say ""no""","two\nlines",-0.5,\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])(
  'a name like %j is no formula to a spreadsheet',
  (name) => {
    expect(csvRow([name])).toBe(`'${name}\r\n`);
  },
);
