import type { Speaker } from '@undertone/wire';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LiveCalls } from '../calls/live-calls.ts';
import { HistoryKeeper } from './history-keeper.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { HistoryThread } from './history-thread.ts';
import { memoryFile } from './open-database.ts';

const dayMs = 86_400_000;
const silent = pino({ level: 'silent' });

let now: number;
let store: HistoryThread;
let recorder: HistoryRecorder;
let calls: LiveCalls;
let keeper: HistoryKeeper;

beforeEach(async () => {
  now = 1_700_000_000_000;
  store = await HistoryThread.open(memoryFile);
  begin();
});
afterEach(() => keeper.onApplicationShutdown());

/** All that a process has beside its store. */
function begin(): void {
  const clock = () => now;
  recorder = new HistoryRecorder(store, clock, { maxPendingPoints: 1_000, maxPendingChanges: 100 }, silent);
  const limits = {
    maxCalls: 10,
    maxSpeakersPerCall: 4,
    maxPointsPerSpeaker: 100,
    historyMs: 900_000,
    keepEndedMs: 600_000,
    announceMs: 10_000,
    keepOrphansMs: 120_000,
    maxAheadMs: 60_000,
  };
  calls = new LiveCalls(clock, limits, [recorder]);
  const ages = { retentionMs: 30 * dayMs, historyMs: 900_000, keepEndedMs: 600_000 };
  keeper = new HistoryKeeper(store, recorder, calls, clock, ages, silent);
}

function join(callId: string): Speaker {
  const speaker: Speaker = {
    callId,
    id: 'ana',
    name: 'Ana',
    role: 'customer',
    consent: 'granted',
    muted: false,
    decision: { analysed: true, reason: 'customer, consent granted' },
    joinedAtMs: now,
  };
  calls.apply({ type: 'speaker-joined', speaker }, 1);
  const point = {
    state: 'silence',
    probabilities: null,
    valence: null,
    arousal: null,
    confidence: 0,
  } as const;
  calls.apply({ type: 'points', callId, speakerId: 'ana', points: [{ ...point, atMs: now }] }, 1);
  return speaker;
}
const leave = (callId: string) => calls.apply({ type: 'speaker-left', callId, speakerId: 'ana' }, 1);
const kept = async () => (await store.calls({ limit: 10 })).calls.map(({ callId }) => callId);

describe('the keeper of the history', () => {
  test('removes a call when its end is as long ago as is allowed, and not before', async () => {
    join('old');
    leave('old');
    now += 1_000;
    join('newer');
    leave('newer');
    join('live');
    await recorder.settled();
    now += 30 * dayMs - 1_000;
    await keeper.purge();
    expect(await kept()).toHaveLength(3);
    now += 1;
    await keeper.purge();
    expect((await kept()).sort()).toEqual(['live', 'newer']);
    now += 1_000;
    await keeper.purge();
    expect(await kept()).toEqual(['live']);
    expect(keeper.purged).toEqual({ calls: 2, points: 2 });
    expect(keeper.sizeBytes).toBeGreaterThan(0);
  });

  test('brings live calls back, and those that can still be opened, but none of longer ago', async () => {
    join('over-long-ago');
    leave('over-long-ago');
    join('left-alone');
    now += 3_600_000;
    join('just-over');
    leave('just-over');
    join('live');
    await recorder.settled();
    now += 60_000;
    begin();
    await keeper.restore();
    expect(calls.live().map(({ id }) => id)).toEqual(['live']);
    expect(calls.find('just-over')?.endedAtMs).toBe(now - 60_000);
    expect(calls.find('over-long-ago')).toBeUndefined();
    expect(calls.find('left-alone')).toBeUndefined();
    expect(calls.find('live')?.snapshot().speakers[0].points).toHaveLength(1);
  });
});
