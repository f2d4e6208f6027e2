import type { EmotionPoint, Speaker } from '@undertone/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CallObserver } from './call-observer.ts';
import { LiveCalls } from './live-calls.ts';

let now: number;
let calls: LiveCalls;
let told: string[];
const link = 1;

beforeEach(() => {
  now = 1_000_000;
  told = [];
  const limits = {
    maxCalls: 3,
    maxSpeakersPerCall: 2,
    maxPointsPerSpeaker: 100,
    historyMs: 60_000,
    keepEndedMs: 300_000,
    announceMs: 10_000,
    keepOrphansMs: 120_000,
    maxAheadMs: 60_000,
  };
  calls = new LiveCalls(() => now, limits, [observer]);
});

const observer: CallObserver = {
  callChanged: (call) => told.push(`call ${call.id} ${call.endedAtMs === null ? 'goes on' : 'ended'}`),
  speakerChanged: (_, { speaker, leftAtMs }) =>
    told.push(`${speaker.id} ${leftAtMs === null ? 'is there' : 'left'}`),
  pointAdded: (_, { speaker }, point) => told.push(`${speaker.id} at ${point.atMs}`),
  speakerForgotten: (_, { speaker }) => told.push(`${speaker.id} is forgotten`),
};

const speaker = (callId: string, id: string, overrides: Partial<Speaker> = {}): Speaker => ({
  callId,
  id,
  name: 'Ana',
  role: 'customer',
  consent: 'granted',
  muted: false,
  decision: { analysed: true, reason: 'customer, consent granted' },
  joinedAtMs: now,
  ...overrides,
});
const join = (each: Speaker, linkId = link) => calls.apply({ type: 'speaker-joined', speaker: each }, linkId);
const leave = ({ callId, id }: Speaker) => calls.apply({ type: 'speaker-left', callId, speakerId: id }, link);
const silence = (atMs: number): EmotionPoint => ({
  atMs,
  state: 'silence',
  probabilities: null,
  valence: null,
  arousal: null,
  confidence: 0,
});
const hear = ({ callId, id }: Speaker, ...atMs: number[]) =>
  calls.apply({ type: 'points', callId, speakerId: id, points: atMs.map(silence) }, link);
const snapshot = (callId: string) => calls.find(callId)!.snapshot();

describe('the live calls', () => {
  test('begin with the first speaker and end with the last', () => {
    const [ana, ben] = [speaker('c', 'ana'), speaker('c', 'ben')];
    join(ana);
    join(ben);
    leave(ana);
    expect(calls.live().map((call) => call.id)).toEqual(['c']);
    expect(snapshot('c').speakers.map((each) => each.leftAtMs)).toEqual([now, null]);
    leave(ben);
    expect(calls.live()).toEqual([]);
    expect(snapshot('c').endedAtMs).toBe(now);
  });

  test('can be opened for some minutes after their end, and are then forgotten', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    leave(ana);
    now += 299_999;
    calls.sweep(null);
    expect(calls.find('c')).toBeDefined();
    now += 1;
    calls.sweep(null);
    expect(calls.find('c')).toBeUndefined();
  });

  test('come most recently started first', () => {
    join(speaker('old', 'a', { joinedAtMs: 1 }));
    join(speaker('new', 'a', { joinedAtMs: 3 }));
    join(speaker('between', 'a', { joinedAtMs: 2 }));
    expect(calls.live().map((call) => call.id)).toEqual(['new', 'between', 'old']);
  });

  test('refuse and count what is beyond their limits', () => {
    for (const callId of ['a', 'b', 'c', 'd']) join(speaker(callId, 'ana'));
    for (const id of ['ben', 'cleo']) join(speaker('a', id));
    expect(calls.live()).toHaveLength(3);
    expect(calls.find('a')!.speakers.size).toBe(2);
    expect(calls.counts).toMatchObject({ 'call-over-limit': 1, 'speaker-over-limit': 1 });
  });

  test('make room for a new call by forgetting the one that ended first', () => {
    const ended = speaker('a', 'ana');
    for (const each of [ended, speaker('b', 'ana'), speaker('c', 'ana')]) join(each);
    leave(ended);
    join(speaker('d', 'ana'));
    expect(calls.find('a')).toBeUndefined();
    expect(calls.live()).toHaveLength(3);
  });

  test('keep each point once and none of strangers, of the future or of those not analysed', () => {
    const ana = speaker('c', 'ana');
    const agent = speaker('c', 'ben', { decision: { analysed: false, reason: 'agents are not analysed' } });
    join(ana);
    join(agent);
    hear(ana, now, now + 200);
    hear(ana, now + 200, now + 400);
    hear(ana, now + 3_600_000);
    hear(agent, now);
    hear(speaker('c', 'nobody'), now);
    expect(snapshot('c').speakers[0].points.map((point) => point.atMs)).toEqual([now, now + 200, now + 400]);
    expect(calls.counts).toMatchObject({
      points: 3,
      'point-repeated': 1,
      'point-from-the-future': 1,
      'point-of-speaker-not-analysed': 1,
      'point-of-unknown-speaker': 1,
    });
  });

  test('forget what was judged when consent is withdrawn', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, now);
    calls.apply({ type: 'speaker-updated', speaker: { ...ana, consent: 'withdrawn' } }, link);
    expect(snapshot('c').speakers[0].points).toEqual([]);
    expect(calls.live()[0].summary(-1).speakers[0].latest).toBeNull();
  });

  test('go on after the analyzer reconnects and announces everyone again', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, now);
    calls.linkLost(link);
    now += 5_000;
    join(ana, 2);
    now += 60_000;
    calls.sweep(now - 60_000);
    expect(calls.live()).toHaveLength(1);
    expect(snapshot('c').speakers[0].points).toHaveLength(1);
  });

  test('end when a reconnected analyzer has had time to announce them and did not', () => {
    join(speaker('c', 'ana'));
    calls.linkLost(link);
    now += 5_000;
    const helloAtMs = now;
    now += 9_999;
    calls.sweep(helloAtMs);
    expect(calls.live()).toHaveLength(1);
    now += 1;
    calls.sweep(helloAtMs);
    expect(calls.live()).toHaveLength(0);
  });

  test('end when no analyzer comes back', () => {
    join(speaker('c', 'ana'));
    calls.linkLost(link);
    now += 119_999;
    calls.sweep(null);
    expect(calls.live()).toHaveLength(1);
    now += 1;
    calls.sweep(null);
    expect(calls.live()).toHaveLength(0);
  });

  test('are revived by a speaker who had been in them, and begun anew by one who joins later', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, now);
    leave(ana);
    join(ana);
    expect(snapshot('c')).toMatchObject({ endedAtMs: null, speakers: [{ leftAtMs: null }] });
    expect(snapshot('c').speakers[0].points).toHaveLength(1);

    leave(ana);
    const { seq } = snapshot('c');
    now += 10_000;
    join(speaker('c', 'ana'));
    expect(snapshot('c').speakers[0].points).toEqual([]);
    expect(snapshot('c').seq).toBeGreaterThan(seq + 1);
  });
});

describe('an observer of the live calls', () => {
  test('is told of every change, and of no point that was not taken', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, 1_000_000, 1_000_000);
    hear(speaker('c', 'nobody'), now);
    calls.apply({ type: 'speaker-updated', speaker: { ...ana, consent: 'withdrawn' } }, link);
    leave(ana);
    leave(ana);
    expect(told).toEqual([
      ...['call c goes on', 'ana is there', 'ana at 1000000'],
      ...['ana is forgotten', 'call c goes on', 'ana is there'],
      ...['ana left', 'call c ended'],
    ]);
  });

  test('finds the same record of a call that goes on, and another of one that begins anew', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    const { recordId } = snapshot('c');
    leave(ana);
    join(ana);
    expect(snapshot('c').recordId).toBe(recordId);
    leave(ana);
    now += 10_000;
    join(speaker('c', 'ana'));
    expect(snapshot('c').recordId).not.toBe(recordId);
  });
});

describe('a call from before a restart', () => {
  const recordId = '00000000-0000-4000-8000-000000000001';
  const restore = (endedAtMs: number | null = null) =>
    calls.restore(
      {
        recordId,
        callId: 'c',
        startedAtMs: now - 50_000,
        endedAtMs,
        speakers: [
          { speaker: speaker('c', 'ana', { joinedAtMs: now - 50_000 }), leftAtMs: endedAtMs },
          { speaker: speaker('c', 'ben', { joinedAtMs: now - 40_000 }), leftAtMs: now - 20_000 },
        ],
      },
      [{ speakerId: 'ana', points: [silence(now - 30_000), silence(now - 10_000)] }],
    );

  test('is live again with its points, and goes on when its speakers are announced', () => {
    restore();
    expect(told).toEqual([]);
    expect(snapshot('c')).toMatchObject({ recordId, endedAtMs: null, startedAtMs: now - 50_000 });
    expect(snapshot('c').speakers.map(({ points }) => points.length)).toEqual([2, 0]);
    join(speaker('c', 'ana', { joinedAtMs: now - 50_000 }));
    hear(speaker('c', 'ana'), now - 10_000, now);
    now += 200_000;
    calls.sweep(now - 200_000);
    expect(calls.live().map((call) => call.recordId)).toEqual([recordId]);
    expect(snapshot('c').speakers[0].points).toHaveLength(3);
  });

  test('ends when nobody announces its speakers', () => {
    restore();
    now += 120_000;
    calls.sweep(null);
    expect(snapshot('c').endedAtMs).toBe(now);
    expect(told).toEqual(['ana left', 'call c ended']);
  });

  test('can still be opened if it had ended a short while ago', () => {
    restore(now - 1_000);
    expect(calls.live()).toEqual([]);
    expect(snapshot('c').endedAtMs).toBe(now - 1_000);
  });

  test('gives way to a newer one of the same name', () => {
    join(speaker('c', 'ana'));
    const { recordId: newer } = snapshot('c');
    restore();
    expect(snapshot('c').recordId).toBe(newer);
  });
});

describe('the deltas of a call', () => {
  test('merge everything since the last ones, numbered without a gap', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, now);
    hear(ana, now + 200);
    leave(ana);
    const deltas = calls.find('c')!.takeDeltas();
    expect(deltas.map((delta) => [delta.seq, delta.change])).toEqual([
      [1, 'speaker'],
      [2, 'points'],
      [3, 'speaker-left'],
      [4, 'ended'],
    ]);
    expect(deltas[1]).toMatchObject({ speakerId: 'ana', points: [{ atMs: now }, { atMs: now + 200 }] });
    expect(calls.find('c')!.takeDeltas()).toEqual([]);
  });

  test('leave out what a snapshot already told', () => {
    const ana = speaker('c', 'ana');
    join(ana);
    hear(ana, now);
    const call = calls.find('c')!;
    call.skipDeltas();
    hear(ana, now + 200);
    expect(call.takeDeltas()).toMatchObject([{ change: 'points', points: [{ atMs: now + 200 }] }]);
  });

  test('tell of a speaker who comes back', () => {
    const [ana, ben] = [speaker('c', 'ana'), speaker('c', 'ben')];
    join(ana);
    join(ben);
    leave(ana);
    const call = calls.find('c')!;
    call.takeDeltas();
    join(ana);
    expect(call.takeDeltas()).toMatchObject([{ change: 'speaker', speaker: { id: 'ana' } }]);
  });
});
