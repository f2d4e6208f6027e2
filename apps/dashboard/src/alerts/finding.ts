/** What a watch found. Times are capture time, so that a recorded call gives the same findings as the live one did. */
export interface Finding {
  what: 'fired' | 'ended';
  atMs: number;
  /** Begin and end of the evidence; the end is null while it lasts. */
  fromMs: number;
  untilMs: number | null;
}
