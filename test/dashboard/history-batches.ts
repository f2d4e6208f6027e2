import type { EmotionPoint, Speaker } from '@undertone/wire';
import type { HistoryBatch, HistoryChange } from '../../apps/dashboard/src/history/history-store.ts';
import { PointColumns } from '../../apps/dashboard/src/history/point-columns.ts';

/** Record identifiers that are easy to tell apart. */
export const recordId = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A batch of changes, and of points of some speakers. */
export function batchOf(
  changes: HistoryChange[],
  points: { recordId: string; speakerId: string; points: EmotionPoint[] }[] = [],
): HistoryBatch {
  const columns = new PointColumns(1_000_000);
  for (const [owner, each] of points.entries()) for (const point of each.points) columns.add(owner, point);
  return {
    changes,
    owners: points.map(({ recordId, speakerId }) => ({ recordId, speakerId })),
    points: columns.packed(),
  };
}

/** The beginning of a call of one speaker. */
export const begun = (record: string, speaker: Speaker, endedAtMs: number | null = null): HistoryChange[] => [
  { change: 'call', recordId: record, callId: speaker.callId, startedAtMs: speaker.joinedAtMs, endedAtMs },
  { change: 'speaker', recordId: record, speaker, leftAtMs: endedAtMs },
];
