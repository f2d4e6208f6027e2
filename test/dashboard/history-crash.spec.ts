import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HistoryThread } from '../../apps/dashboard/src/history/history-thread.ts';
import { recordId } from './history-batches.ts';

const script = fileURLToPath(new URL('./history-writer-process.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lets a process write until it has acknowledged `acknowledgements` batches, kills it mid-write, says what it acknowledged. */
async function writeAndDie(file: string, first: number, acknowledgements: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=source', script, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = first;
  let count = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged = Number(line);
    if (++count === acknowledgements) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

test('a process that is killed while it writes loses nothing that was acknowledged, and nothing is torn', async () => {
  const file = join(folder, 'history.sqlite');
  let first = 0;
  for (const acknowledgements of [1, 20]) {
    const acknowledged = await writeAndDie(file, first, acknowledgements);
    const history = await HistoryThread.open(file);
    const { points } = await history.points({ recordId: recordId(1), speakerId: 'ana', limit: 1_000_000 });
    await history.close();
    expect(points.length).toBeGreaterThanOrEqual(acknowledged);
    // Whole batches, without a hole: the one that was being written is there or it is not.
    expect(points.map(({ atMs }) => atMs)).toEqual(points.map((_, i) => i));
    expect(points.length % 5).toBe(0);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
    first = points.length;
  }
});
