import { CallFeed, LiveClock, ScriptedTimelineSocket } from '@undertone/overlay';
import type { EmotionPoint, PointPage, Speaker } from '@undertone/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { OlderPoints, type PointRequest } from './older-points.ts';

const minuteMs = 60_000;
const startedAtMs = 100 * minuteMs;
const silence = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const speaker = (id: string, analysed = true): Speaker => ({
  callId: 'c',
  id,
  name: id,
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed, reason: '' },
  joinedAtMs: startedAtMs,
});

let feed: CallFeed;
let older: OlderPoints;
let asked: (PointRequest & { answer: (page: PointPage) => void; fail: () => void })[];
let nowMs: number;
let changes: number;

beforeEach(() => {
  const server = new ScriptedTimelineSocket();
  feed = new CallFeed({ socket: server.socket, callId: 'c', clock: new LiveClock(), onChange: () => {} });
  feed.open();
  server.connect();
  server.answer({
    ok: true,
    value: {
      id: 'c',
      recordId: 'record',
      startedAtMs,
      endedAtMs: null,
      seq: 0,
      speakers: [
        { speaker: speaker('ana'), leftAtMs: null, points: [silence(startedAtMs + 25 * minuteMs)] },
        { speaker: speaker('ben', false), leftAtMs: null, points: [] },
      ],
    },
  });
  [asked, nowMs, changes] = [[], 1_000_000, 0];
  older = new OlderPoints({
    feed,
    fetch: (request) =>
      new Promise((resolve, reject) =>
        asked.push({ ...request, answer: resolve, fail: () => reject(new Error('away')) }),
      ),
    onChange: () => changes++,
    now: () => nowMs,
  });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
const minutes = () =>
  asked.map(({ afterMs, untilMs }) =>
    [afterMs, untilMs].map((ms) => Math.round((ms - startedAtMs) / minuteMs) + 0),
  );

describe('older points', () => {
  test('are not asked for where everything is there', () => {
    older.want(startedAtMs + 26 * minuteMs);
    expect(asked).toEqual([]);
  });

  test('are loaded chunk by chunk back to the beginning, of those who are analysed', async () => {
    older.want(startedAtMs + 20 * minuteMs);
    older.want(startedAtMs + 20 * minuteMs);
    expect(minutes()).toEqual([[15, 25]]);
    expect(asked[0]).toMatchObject({ recordId: 'record', speakerId: 'ana' });
    expect(older.state).toBe('loading');
    asked[0].answer({ points: [silence(startedAtMs + 16 * minuteMs)], next: null });
    await settled();
    expect(feed.speakers.get('ana')!.history.length).toBe(2);
    expect(changes).toBe(1);
    older.want(startedAtMs + 20 * minuteMs);
    expect(asked.length).toBe(1);
    for (const at of [1, 2]) {
      older.want(startedAtMs - minuteMs);
      asked[at].answer({ points: [], next: null });
      await settled();
    }
    expect(minutes().slice(1)).toEqual([
      [5, 15],
      [0, 5],
    ]);
    older.want(startedAtMs - minuteMs);
    expect(asked.length).toBe(3);
  });

  test('come in several pages if there are many', async () => {
    older.want(startedAtMs + 20 * minuteMs);
    asked[0].answer({ points: [silence(startedAtMs + 16 * minuteMs)], next: startedAtMs + 16 * minuteMs });
    await settled();
    expect(minutes()[1]).toEqual([16, 25]);
    asked[1].answer({ points: [silence(startedAtMs + 17 * minuteMs)], next: null });
    await settled();
    expect(feed.speakers.get('ana')!.history.length).toBe(3);
  });

  test('are asked for again some seconds after a failure', async () => {
    older.want(startedAtMs + 20 * minuteMs);
    asked[0].fail();
    await settled();
    expect(older.state).toBe('failed');
    older.want(startedAtMs + 20 * minuteMs);
    expect(asked.length).toBe(1);
    nowMs += 5_000;
    older.want(startedAtMs + 20 * minuteMs);
    expect(minutes()[1]).toEqual([15, 25]);
  });

  test('are not waited for when the page is gone', async () => {
    older.want(startedAtMs + 20 * minuteMs);
    older.close();
    asked[0].answer({ points: [silence(startedAtMs + 16 * minuteMs)], next: null });
    await settled();
    expect([feed.speakers.get('ana')!.history.length, changes]).toEqual([1, 0]);
  });
});
