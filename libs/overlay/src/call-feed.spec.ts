import type { CallSnapshot, EmotionPoint, Speaker } from '@undertone/wire';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallFeed } from './call-feed.ts';
import { LiveClock } from './live-clock.ts';
import { ScriptedTimelineSocket } from './scripted-timeline-socket.ts';

const ana: Speaker = {
  callId: 'c',
  id: 'ana',
  name: 'Ana',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: 1_000,
};
const silence = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const snapshot = (seq: number, atMs: number[], overrides: Partial<CallSnapshot> = {}) => ({
  ok: true,
  value: {
    id: 'c',
    recordId: 'record-of-c',
    startedAtMs: 1_000,
    endedAtMs: null,
    seq,
    speakers: [{ speaker: ana, leftAtMs: null, points: atMs.map(silence) }],
    ...overrides,
  },
});
const notFound = { ok: false, error: { code: 'call-not-found', message: 'no call c' } };
const points = (seq: number, ...atMs: number[]) => ({
  callId: 'c',
  seq,
  change: 'points',
  speakerId: 'ana',
  points: atMs.map(silence),
});

let server: ScriptedTimelineSocket;
let feed: CallFeed;
let changes: number;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedTimelineSocket();
  changes = 0;
  feed = new CallFeed({
    socket: server.socket,
    callId: 'c',
    clock: new LiveClock(),
    onChange: () => changes++,
  });
  feed.open();
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const times = () =>
  feed.speakers
    .get('ana')!
    .history.pointsAfter(0)
    .map((point) => point.atMs);
const asked = (event: string) => server.asked.filter((each) => each.event === event).length;

describe('a call feed', () => {
  test('asks for a snapshot when connected, and adds the deltas that follow', () => {
    expect(feed.state).toBe('loading');
    server.connect();
    expect(server.asked).toMatchObject([{ event: 'watch-call', body: { callId: 'c' } }]);
    server.answer(snapshot(4, [2_000, 2_200]));
    expect(feed.state).toBe('live');
    server.say('call-delta', points(5, 2_400));
    server.say('call-delta', points(6, 2_600, 2_800));
    expect(times()).toEqual([2_000, 2_200, 2_400, 2_600, 2_800]);
    expect(changes).toBe(3);
  });

  test('asks for a new snapshot when a delta is missing, and takes nothing meanwhile', () => {
    server.connect();
    server.answer(snapshot(4, [2_000]));
    server.say('call-delta', points(7, 2_600));
    expect(asked('watch-call')).toBe(2);
    server.say('call-delta', points(8, 2_800));
    expect(times()).toEqual([2_000]);
    server.answer(snapshot(8, [2_000, 2_200, 2_400, 2_600, 2_800]));
    expect(times()).toEqual([2_000, 2_200, 2_400, 2_600, 2_800]);
    expect(feed.snapshots).toBe(2);
    server.say('call-delta', points(9, 3_000));
    expect(times().at(-1)).toBe(3_000);
  });

  test('ignores deltas that the snapshot already held and those of other calls', () => {
    server.connect();
    server.answer(snapshot(4, [2_000]));
    server.say('call-delta', points(4, 1_800));
    server.say('call-delta', { ...points(5, 9_000), callId: 'other' });
    expect(times()).toEqual([2_000]);
    expect(asked('watch-call')).toBe(1);
  });

  test('says that it is reconnecting and keeps what it has', () => {
    server.connect();
    server.answer(snapshot(4, [2_000]));
    server.disconnect();
    expect(feed.state).toBe('reconnecting');
    expect(times()).toEqual([2_000]);
    server.connect();
    server.answer(snapshot(9, [2_000, 3_000]));
    expect(feed.state).toBe('live');
    expect(times()).toEqual([2_000, 3_000]);
  });

  test('keeps the past that a restarted dashboard has forgotten', () => {
    server.connect();
    server.answer(snapshot(4, [2_000, 2_200]));
    server.disconnect();
    server.connect();
    server.answer(notFound);
    expect(feed.state).toBe('unavailable');
    vi.advanceTimersByTime(2_000);
    server.answer(snapshot(1, [2_200, 5_000]));
    expect(feed.state).toBe('live');
    expect(times()).toEqual([2_000, 2_200, 5_000]);
  });

  test('begins anew when the name belongs to a new call', () => {
    server.connect();
    server.answer(snapshot(4, [2_000]));
    server.disconnect();
    server.connect();
    server.answer(snapshot(0, [9_000], { startedAtMs: 8_000 }));
    expect(times()).toEqual([9_000]);
  });

  test('waits for a call that is not there yet', () => {
    server.connect();
    server.answer(notFound);
    expect(feed.state).toBe('missing');
    vi.advanceTimersByTime(2_000);
    expect(asked('watch-call')).toBe(2);
    server.answer(snapshot(1, [2_000]));
    expect(feed.state).toBe('live');
  });

  test('asks again when no answer comes, and ignores one that comes too late', () => {
    server.connect();
    const late = server.asked[0].reply;
    vi.advanceTimersByTime(8_000);
    expect(asked('watch-call')).toBe(2);
    late(snapshot(4, [2_000]));
    expect(feed.state).toBe('loading');
    server.answer(snapshot(5, [3_000]));
    expect(times()).toEqual([3_000]);
  });

  test('follows who joins, leaves and comes back, and the end', () => {
    server.connect();
    server.answer(snapshot(0, []));
    const ben = { ...ana, id: 'ben', name: 'Ben' };
    server.say('call-delta', { callId: 'c', seq: 1, change: 'speaker', speaker: ben });
    server.say('call-delta', {
      callId: 'c',
      seq: 2,
      change: 'speaker-left',
      speakerId: 'ana',
      leftAtMs: 7_000,
    });
    expect([...feed.speakers.values()].map(({ speaker, leftAtMs }) => [speaker.name, leftAtMs])).toEqual([
      ['Ana', 7_000],
      ['Ben', null],
    ]);
    server.say('call-delta', { callId: 'c', seq: 3, change: 'ended', endedAtMs: 8_000 });
    expect(feed.endedAtMs).toBe(8_000);
    server.say('call-delta', { callId: 'c', seq: 4, change: 'speaker', speaker: ana });
    expect(feed.endedAtMs).toBeNull();
    expect(feed.speakers.get('ana')!.leftAtMs).toBeNull();
  });

  test('puts points of the history before its own, unless it is another call by now', () => {
    server.connect();
    server.answer(snapshot(0, [2_000, 2_200]));
    expect(feed.speakers.get('ana')!.completeSinceMs).toBe(2_000);
    feed.prepend('record-of-c', 'ana', [1_400, 1_600, 2_000].map(silence), 1_400);
    expect(times()).toEqual([1_400, 1_600, 2_000, 2_200]);
    expect(feed.speakers.get('ana')!.completeSinceMs).toBe(1_400);
    feed.prepend('record-of-another', 'ana', [1_200].map(silence), 1_200);
    server.say('call-delta', points(1, 2_400));
    expect(times()).toEqual([1_400, 1_600, 2_000, 2_200, 2_400]);
  });

  test('keeps what it loaded of the past through a new snapshot', () => {
    server.connect();
    server.answer(snapshot(0, [2_000]));
    feed.prepend('record-of-c', 'ana', [1_400].map(silence), 1_400);
    server.disconnect();
    server.connect();
    server.answer(snapshot(5, [2_000, 2_200]));
    expect(times()).toEqual([1_400, 2_000, 2_200]);
    expect(feed.speakers.get('ana')!.completeSinceMs).toBe(1_400);
  });

  test('forgets a voice whose consent is withdrawn', () => {
    server.connect();
    server.answer(snapshot(0, [2_000]));
    const speaker = { ...ana, consent: 'withdrawn' };
    server.say('call-delta', { callId: 'c', seq: 1, change: 'speaker', speaker });
    expect(times()).toEqual([]);
  });

  test('tells whether an analyzer is connected', () => {
    expect(feed.analyzerConnected).toBeNull();
    server.say('analysis-link', { connected: false });
    expect(feed.analyzerConnected).toBe(false);
  });

  test('leaves nothing behind when closed', () => {
    server.connect();
    server.answer(snapshot(0, []));
    feed.close();
    feed.close();
    expect(server.listening).toBe(0);
    expect(asked('unwatch-call')).toBeGreaterThan(0);
    vi.advanceTimersByTime(60_000);
    expect(asked('watch-call')).toBe(1);
  });
});
