import { HistoryError } from './history-store.ts';

/** The place of a row in a list that is ordered by time and, within a moment, by identifier. */
export const cursorOf = (atMs: number, id: string): string =>
  Buffer.from(`${atMs}/${id}`).toString('base64url');

/** @throws HistoryError `cursor-malformed` */
export function parseCursor(cursor: string): [atMs: number, id: string] {
  const match = /^(-?[\d.e+]+)\/([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new HistoryError('cursor-malformed', 'send the `next` of the answer before as it is');
  return [Number(match[1]), match[2]];
}
