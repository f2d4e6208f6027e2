/**
 * Writes batches of five points to the history in FILE for ever, and says after each how many points are acknowledged:
 * the process that the crash test kills.   node history-writer-process.ts FILE FIRST_POINT
 */
import { writeSync } from 'node:fs';
import { HistoryThread } from '../../apps/dashboard/src/history/history-thread.ts';
import { batchOf, begun, recordId } from './history-batches.ts';
import { scriptedSpeaker, spokenPoint } from './scripted-points.ts';

const [file, first] = process.argv.slice(2);
const history = await HistoryThread.open(file);
const speaker = scriptedSpeaker({ callId: 'c', id: 'ana', joinedAtMs: 0 });
for (let next = Number(first); ; next += 5) {
  const points = Array.from({ length: 5 }, (_, i) => spokenPoint(next + i, 'calm'));
  await history.write(
    batchOf(begun(recordId(1), speaker), [{ recordId: recordId(1), speakerId: 'ana', points }]),
  );
  writeSync(1, `${next + 5}\n`);
}
