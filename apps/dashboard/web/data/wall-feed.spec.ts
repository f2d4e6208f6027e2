import { LiveClock, ScriptedTimelineSocket } from '@undertone/overlay';
import type { CallSummary, Ribbon, Speaker } from '@undertone/wire';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WallFeed } from './wall-feed.ts';

const speaker = (callId: string, id: string, overrides: Partial<Speaker> = {}): Speaker => ({
  callId,
  id,
  name: id,
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: 1_000,
  ...overrides,
});
const cells = (startMs: number, ...expression: number[]): Ribbon => ({
  startMs,
  state: expression.map(() => 0),
  expression,
  confidence: expression.map(() => 50),
  arousal: expression.map(() => 0),
});
const call = (id: string, startedAtMs: number, ...ribbons: Ribbon[]): CallSummary => ({
  id,
  recordId: `record-of-${id}`,
  startedAtMs,
  speakers: ribbons.map((ribbon, i) => ({ speaker: speaker(id, `speaker-${i}`), latest: null, ribbon })),
});

let server: ScriptedTimelineSocket;
let feed: WallFeed;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedTimelineSocket();
  feed = new WallFeed({ socket: server.socket, clock: new LiveClock(), onChange: () => {} });
  feed.open();
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const start = (...calls: CallSummary[]) => {
  server.connect();
  server.answer({ ok: true, value: calls });
};
const ids = () => feed.calls.map((each) => each.id);

describe('a wall feed', () => {
  test('shows the most recently started call first, whatever changes', () => {
    start(call('old', 1), call('new', 3), call('between', 2));
    expect(ids()).toEqual(['new', 'between', 'old']);
    server.say('calls-changed', [call('old', 1)]);
    expect(ids()).toEqual(['new', 'between', 'old']);
    server.say('calls-ended', ['between']);
    expect(ids()).toEqual(['new', 'old']);
  });

  test('patches ribbons with the cells that a message brings', () => {
    start(call('c', 1, cells(10_000, 4, 4)));
    const { ribbon } = feed.calls[0].speakers[0];
    server.say('calls-changed', [call('c', 1, cells(11_000, 2, 2))]);
    expect(feed.calls[0].speakers[0].ribbon).toBe(ribbon);
    const read = [10, 11, 12, 13].map((cell) => {
      const target = { state: 0, expression: 0, confidence: 0, arousal: 0 };
      return ribbon.read(cell, target) ? target.expression : null;
    });
    expect(read).toEqual([4, 2, 2, null]);
  });

  test('drops who left, and puts customers before agents', () => {
    start({
      id: 'c',
      recordId: 'record-of-c',
      startedAtMs: 1,
      speakers: [
        { speaker: speaker('c', 'agent', { role: 'agent' }), latest: null, ribbon: cells(0) },
        { speaker: speaker('c', 'customer', { joinedAtMs: 9_000 }), latest: null, ribbon: cells(0) },
      ],
    });
    expect(feed.calls[0].speakers.map((each) => each.speaker.id)).toEqual(['customer', 'agent']);
    server.say('calls-changed', [call('c', 1, cells(0))]);
    expect(feed.calls[0].speakers.map((each) => each.speaker.id)).toEqual(['speaker-0']);
  });

  test('keeps what it shows while reconnecting, then shows what the dashboard says', () => {
    start(call('a', 1), call('b', 2));
    server.disconnect();
    expect(feed.state).toBe('reconnecting');
    expect(ids()).toEqual(['b', 'a']);
    start(call('a', 1));
    expect(feed.state).toBe('live');
    expect(ids()).toEqual(['a']);
  });

  test('takes no change before its first answer, which holds it', () => {
    server.connect();
    server.say('calls-changed', [call('early', 1)]);
    expect(ids()).toEqual([]);
    server.answer({ ok: true, value: [call('early', 1)] });
    expect(ids()).toEqual(['early']);
  });

  test('asks again when it was refused or not answered', () => {
    server.connect();
    server.answer({ ok: false, error: { code: 'too-many-requests', message: 'ask again' } });
    vi.advanceTimersByTime(2_000);
    vi.advanceTimersByTime(8_000);
    expect(server.asked.filter((each) => each.event === 'watch-calls')).toHaveLength(3);
  });

  test('leaves nothing behind when closed', () => {
    start();
    feed.close();
    expect(server.listening).toBe(0);
  });
});
