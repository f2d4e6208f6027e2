import type { CallSummary, Speaker } from '@undertone/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { LiveCalls } from '../calls/live-calls.ts';
import { TimelineBroadcast } from './timeline-broadcast.ts';
import { callRoom, type TimelineNamespace } from './timeline-namespace.ts';

const now = 1_000_000;

/** A namespace with viewers who may be busy, that writes down what each was sent. */
class ScriptedNamespace {
  readonly sockets = new Map<
    string,
    {
      id: string;
      conn: { transport: { writable: boolean } };
      data: { wallVersion: number | null; busyFlushes: number };
    }
  >();
  readonly adapter = { rooms: new Map<string, Set<string>>() };
  readonly sent: { to: string[]; event: string; body: unknown }[] = [];

  add(id: string, watching?: string) {
    const viewer = {
      id,
      conn: { transport: { writable: true } },
      data: { wallVersion: watching ? null : 0, busyFlushes: 0 },
    };
    this.sockets.set(id, viewer);
    if (watching) {
      const room = this.adapter.rooms.get(callRoom(watching)) ?? new Set();
      this.adapter.rooms.set(callRoom(watching), room.add(id));
    }
    return viewer;
  }

  to(target: string | string[]) {
    const ids = typeof target === 'string' ? [...(this.adapter.rooms.get(target) ?? [])] : target;
    const emitter = (to: string[]) => ({
      except: (behind: string[]) => emitter(to.filter((id) => !behind.includes(id))),
      emit: (event: string, body: unknown) => this.sent.push({ to, event, body: structuredClone(body) }),
    });
    return emitter(ids);
  }

  take() {
    return this.sent.splice(0);
  }
}

let calls: LiveCalls;
let broadcast: TimelineBroadcast;
let namespace: ScriptedNamespace;

beforeEach(() => {
  calls = new LiveCalls(() => now, {
    maxCalls: 10,
    maxSpeakersPerCall: 4,
    maxPointsPerSpeaker: 1_000,
    historyMs: 600_000,
    keepEndedMs: 300_000,
    announceMs: 10_000,
    keepOrphansMs: 120_000,
    maxAheadMs: 60_000,
  });
  broadcast = new TimelineBroadcast(calls, { maxBusyFlushes: 2 });
  namespace = new ScriptedNamespace();
  broadcast.attach(namespace as unknown as TimelineNamespace);
});

const ana: Speaker = {
  callId: 'c',
  id: 'ana',
  name: 'Ana',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: now,
};
const join = () => calls.apply({ type: 'speaker-joined', speaker: ana }, 1);
const hear = (atMs: number) =>
  calls.apply(
    {
      type: 'points',
      callId: 'c',
      speakerId: 'ana',
      points: [{ atMs, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 }],
    },
    1,
  );

describe('the broadcast of a call', () => {
  test('sends many points as one delta', () => {
    namespace.add('viewer', 'c');
    join();
    broadcast.flushCalls();
    namespace.take();
    for (let i = 0; i < 20; i++) hear(now + i);
    broadcast.flushCalls();
    expect(namespace.take()).toMatchObject([
      { to: ['viewer'], event: 'call-delta', body: { change: 'points' } },
    ]);
    broadcast.flushCalls();
    expect(namespace.take()).toEqual([]);
  });

  test('withholds deltas from a viewer that stays busy, so that it sees a gap once it reads again', () => {
    namespace.add('quick', 'c');
    const slow = namespace.add('slow', 'c');
    join();
    slow.conn.transport.writable = false;
    const reached: string[][] = [];
    for (let i = 0; i < 4; i++) {
      hear(now + i);
      broadcast.flushCalls();
      reached.push(namespace.take().at(-1)!.to);
    }
    expect(reached).toEqual([['quick', 'slow'], ['quick', 'slow'], ['quick'], ['quick']]);
    expect(broadcast.counts.withheldDeltas).toBe(2);

    slow.conn.transport.writable = true;
    hear(now + 10);
    broadcast.flushCalls();
    expect(namespace.take().at(-1)?.to).toEqual(['quick', 'slow']);
  });
});

describe('the broadcast of the wall', () => {
  test('encodes one message for all who saw the same version', () => {
    for (let i = 0; i < 5; i++) namespace.add(`viewer-${i}`);
    join();
    broadcast.flushWall();
    const sent = namespace.take();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ event: 'calls-changed', body: [{ id: 'c' }] });
    expect(sent[0].to).toHaveLength(5);
    broadcast.flushWall();
    expect(namespace.take()).toEqual([]);
  });

  test('brings a viewer that was busy all it missed, in one message', () => {
    const slow = namespace.add('slow');
    join();
    broadcast.flushWall();
    namespace.take();
    slow.conn.transport.writable = false;
    for (let second = 0; second < 30; second++) {
      hear(now + second * 1_000);
      broadcast.flushWall();
    }
    expect(namespace.take()).toEqual([]);
    slow.conn.transport.writable = true;
    broadcast.flushWall();
    const [message] = namespace.take();
    expect((message.body as CallSummary[])[0].speakers[0].ribbon.state).toHaveLength(30);
  });

  test('names the calls that ended', () => {
    namespace.add('viewer');
    join();
    broadcast.flushWall();
    namespace.take();
    calls.apply({ type: 'speaker-left', callId: 'c', speakerId: 'ana' }, 1);
    broadcast.flushWall();
    expect(namespace.take()).toMatchObject([{ event: 'calls-ended', body: ['c'] }]);
  });
});
