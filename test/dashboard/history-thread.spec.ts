import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import type { EmotionPoint } from '@undertone/wire';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HistoryThread } from '../../apps/dashboard/src/history/history-thread.ts';
import { batchOf, begun, recordId } from './history-batches.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';

let folder: string;
let file: string;
let history: HistoryThread;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-history-'));
  file = join(folder, 'data', 'history.sqlite');
  history = await HistoryThread.open(file);
});

afterEach(async () => {
  await history.close();
  rmSync(folder, { recursive: true });
});

const reopen = async (): Promise<void> => {
  await history.close();
  history = await HistoryThread.open(file);
};

const ana = scriptedSpeaker({ callId: 'claim-1', id: 'ana', name: 'Ana Ruiz', joinedAtMs: 1_000 });
const one = recordId(1);

/** As the wire rounds them: to four digits. */
const rounded = (point: EmotionPoint): EmotionPoint =>
  JSON.parse(
    JSON.stringify(point, (key, value) =>
      typeof value === 'number' && key !== 'atMs' ? Math.round(value * 10_000) / 10_000 : value,
    ),
  );

async function keep(count: number, stepMs = 200): Promise<EmotionPoint[]> {
  const points = Array.from({ length: count }, (_, i): EmotionPoint => {
    const atMs = 1_000 + i * stepMs;
    if (i % 7 === 6) return silentPoint(atMs);
    const point = spokenPoint(atMs, i % 3 === 0 ? 'angry' : 'calm', 0.5 + (i % 5) / 10);
    return i % 2 === 0 ? { ...point, change: { valence: -1.25, arousal: 3.9999 } } : point;
  });
  await history.write(batchOf(begun(one, ana), [{ recordId: one, speakerId: 'ana', points }]));
  return points.map(rounded);
}
const allPoints = async (record = one, speakerId = 'ana') =>
  (await history.points({ recordId: record, speakerId, limit: 100_000 })).points;

describe('the history in SQLite', () => {
  test('gives back what was written, after it was closed and opened again', async () => {
    const points = await keep(50);
    await reopen();
    expect(await history.call(one)).toEqual({
      recordId: one,
      callId: 'claim-1',
      startedAtMs: 1_000,
      endedAtMs: null,
      speakers: [{ speaker: ana, leftAtMs: null }],
    });
    expect(await allPoints()).toEqual(points);
    expect(await history.call(recordId(2))).toBeNull();
  });

  test('takes the same batch twice as once', async () => {
    const points = await keep(20);
    await keep(20);
    expect(await allPoints()).toEqual(points);
    expect((await history.calls({ limit: 10 })).calls).toHaveLength(1);
  });

  test('keeps all of a batch or nothing of it', async () => {
    const points = [spokenPoint(1_000, 'calm')];
    const torn = batchOf(begun(one, ana), [{ recordId: one, speakerId: 'ana', points }]);
    torn.changes.push({
      change: 'call',
      recordId: one,
      callId: 'c',
      startedAtMs: Number.NaN,
      endedAtMs: null,
    });
    await expect(history.write(torn)).rejects.toMatchObject({ code: 'history-failed' });
    expect(await history.call(one)).toBeNull();
    await keep(1);
    expect(await allPoints()).toHaveLength(1);
  });

  test('pages points without losing or repeating one', async () => {
    const points = await keep(57);
    const paged: EmotionPoint[] = [];
    let afterMs: number | undefined;
    for (let pages = 0; pages < 20; pages++) {
      const page = await history.points({ recordId: one, speakerId: 'ana', afterMs, limit: 10 });
      paged.push(...page.points);
      if (page.next === null) break;
      afterMs = page.next;
    }
    expect(paged).toEqual(points);
    const part = await history.points({
      recordId: one,
      speakerId: 'ana',
      afterMs: 2_000,
      untilMs: 3_000,
      limit: 100,
    });
    expect(part.points.map(({ atMs }) => atMs)).toEqual([2_200, 2_400, 2_600, 2_800, 3_000]);
  });

  test('averages points over steps as a plain sum over each step does', async () => {
    const points = await keep(100);
    const stepMs = 1_500;
    const steps = Map.groupBy(points, ({ atMs }) => Math.floor(atMs / stepMs));
    const expected = [...steps.values()].map((step) => {
      const judged = step.filter(({ probabilities }) => probabilities !== null);
      const mean = (read: (point: EmotionPoint) => number, of = judged) =>
        of.reduce((sum, point) => sum + read(point), 0) / of.length;
      return {
        atMs: step.at(-1)!.atMs,
        valence: mean((point) => point.valence!),
        confidence: mean((point) => point.confidence),
        angry: mean((point) => point.probabilities![4]),
      };
    });
    const { points: means } = await history.points({ recordId: one, speakerId: 'ana', stepMs, limit: 1_000 });
    expect(means).toHaveLength(expected.length);
    for (const [i, mean] of means.entries()) {
      expect(mean.atMs).toBe(expected[i].atMs);
      expect(mean.state).toBe('speech');
      expect(mean.valence).toBeCloseTo(expected[i].valence, 3);
      expect(mean.confidence).toBeCloseTo(expected[i].confidence, 3);
      expect(mean.probabilities?.[4]).toBeCloseTo(expected[i].angry, 3);
    }
    const first = await history.points({ recordId: one, speakerId: 'ana', stepMs, limit: 2 });
    const second = await history.points({
      recordId: one,
      speakerId: 'ana',
      stepMs,
      afterMs: first.next!,
      limit: 2,
    });
    expect([...first.points, ...second.points]).toEqual(means.slice(0, 4));
  });

  test('gives a step that is mostly silent no expression', async () => {
    const points = [silentPoint(1_000), silentPoint(1_200), spokenPoint(1_400, 'angry')];
    await history.write(batchOf(begun(one, ana), [{ recordId: one, speakerId: 'ana', points }]));
    const { points: means } = await history.points({
      recordId: one,
      speakerId: 'ana',
      stepMs: 5_000,
      limit: 10,
    });
    expect(means).toEqual([silentPoint(1_400)]);
  });

  test('lists calls, the most recently started first, by part, by time and by name', async () => {
    for (let i = 1; i <= 7; i++) {
      const speaker = scriptedSpeaker({
        callId: i % 2 ? 'odd_call' : 'even',
        id: 'x',
        name: i === 4 ? 'Zoë 100%' : 'Ben',
        joinedAtMs: 1_000 * Math.ceil(i / 2),
      });
      await history.write(batchOf(begun(recordId(i), speaker)));
    }
    const numbers = (calls: { recordId: string }[]) => calls.map((call) => Number(call.recordId.slice(-2)));
    const first = await history.calls({ limit: 3 });
    const second = await history.calls({ limit: 3, cursor: first.next! });
    const third = await history.calls({ limit: 3, cursor: second.next! });
    expect(numbers([...first.calls, ...second.calls, ...third.calls])).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(third.next).toBeNull();
    const found = async (query: object) => numbers((await history.calls({ limit: 10, ...query })).calls);
    expect(await found({ callId: 'even' })).toEqual([6, 4, 2]);
    expect(await found({ text: 'ODD' })).toEqual([7, 5, 3, 1]);
    expect(await found({ text: '0%' })).toEqual([4]);
    expect(await found({ text: 'odd%call' })).toEqual([]);
    expect(await found({ startedFromMs: 2_000, startedBeforeMs: 4_000 })).toEqual([6, 5, 4, 3]);
    await expect(history.calls({ limit: 1, cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({
      code: 'cursor-malformed',
    });
  });

  test('forgets a speaker in the file and in its log, byte by byte', async () => {
    const trace = Buffer.from('0123456789ab', 'hex');
    const points = [spokenPoint(0x0123_4567_89ab, 'angry')];
    const onDisk = () => Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)));
    await history.write(batchOf(begun(one, ana), [{ recordId: one, speakerId: 'ana', points }]));
    expect(onDisk().includes(trace)).toBe(true);
    await history.write(batchOf([{ change: 'forget-speaker', recordId: one, speakerId: 'ana' }]));
    expect(await allPoints()).toEqual([]);
    expect(onDisk().includes(trace)).toBe(false);
    expect((await history.call(one))?.speakers).toHaveLength(1);
  });

  test('purges what is too old a part at a time, gives the space back and keeps the rest', async () => {
    for (let i = 1; i <= 4; i++) {
      const speaker = { ...ana, callId: `call-${i}` };
      const points = Array.from({ length: 3_000 }, (_, k) => spokenPoint(1_000 + k * 200, 'sad'));
      await history.write(
        batchOf(begun(recordId(i), speaker, i < 4 ? i * 10_000 : null), [
          { recordId: recordId(i), speakerId: 'ana', points },
        ]),
      );
    }
    const before = await history.size();
    const reports = [];
    do reports.push(await history.purge(30_000, 1_000));
    while (!reports.at(-1)!.done);
    expect(reports.reduce((sum, { points }) => sum + points, 0)).toBe(6_000);
    expect(reports.every(({ points }) => points <= 1_000)).toBe(true);
    expect(reports.reduce((sum, { calls }) => sum + calls, 0)).toBe(2);
    expect((await history.calls({ limit: 10 })).calls.map(({ callId }) => callId).sort()).toEqual([
      'call-3',
      'call-4',
    ]);
    expect(await allPoints(recordId(3))).toHaveLength(3_000);
    expect(await history.size()).toBeLessThan(0.7 * before);
  });

  test('tells what a restart needs, and ends calls that nobody told the end of', async () => {
    const at = (callId: string, joinedAtMs: number) => ({ ...ana, callId, joinedAtMs });
    await history.write(batchOf(begun(recordId(1), at('stale', 1_000))));
    await history.write(
      batchOf([], [{ recordId: recordId(1), speakerId: 'ana', points: [spokenPoint(4_000, 'sad')] }]),
    );
    await history.write(batchOf(begun(recordId(2), at('open', 50_000))));
    await history.write(batchOf(begun(recordId(3), at('ended-long-ago', 2_000), 30_000)));
    await history.write(batchOf(begun(recordId(4), at('just-ended', 2_000), 90_000)));
    await history.write(
      batchOf(
        [],
        [
          {
            recordId: recordId(2),
            speakerId: 'ana',
            points: [spokenPoint(50_000, 'sad'), spokenPoint(60_000, 'sad')],
          },
        ],
      ),
    );
    expect(await history.recentRecords(40_000, 80_000)).toEqual([recordId(2), recordId(4)]);
    expect((await history.call(recordId(1)))?.endedAtMs).toBe(4_000);
    expect((await history.call(recordId(2)))?.endedAtMs).toBeNull();
    const recent = await history.recentCall(recordId(2), 55_000);
    expect(recent?.points).toEqual([{ speakerId: 'ana', points: [rounded(spokenPoint(60_000, 'sad'))] }]);
  });

  test('answers after its thread died, from what was written before', async () => {
    await keep(5);
    const threads: Worker[] = [];
    const note = (thread: Worker) => threads.push(thread);
    process.on('worker', note);
    await reopen();
    const waiting = history.size();
    await threads[0].terminate();
    await expect(waiting).rejects.toMatchObject({ code: 'history-failed' });
    expect(await allPoints()).toHaveLength(5);
    expect(threads).toHaveLength(2);
    process.off('worker', note);
  });

  test('refuses requests when it is closed', async () => {
    await history.close();
    await history.close();
    await expect(history.call(one)).rejects.toMatchObject({ code: 'history-closed' });
  });

  test('is made for its owner alone', () => {
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test('does not open a file of a newer Undertone, nor one that is no database', async () => {
    await history.close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(HistoryThread.open(file)).rejects.toThrow(/newer Undertone/);
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'no database at all, but long enough to be looked at'.repeat(50));
    await expect(HistoryThread.open(text)).rejects.toThrow(/not a database/);
  });
});
