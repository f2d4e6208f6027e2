/** Rows of an RFC 4180 text as records keyed by its header line; quotes, commas and line breaks in fields allowed. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header, ...rows] = csvRows(text);
  return (rows ?? []).map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  // A field, quoted or plain, and what ends it: a comma, a line break or the end of the text.
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  let row: string[] = [];
  while (fields.lastIndex < text.length) {
    const match = fields.exec(text);
    if (match === null) throw new SyntaxError(`CSV row ${rows.length + 1} is malformed`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}
