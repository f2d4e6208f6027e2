import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ScriptedTimelineSocket } from './scripted-timeline-socket.ts';
import { TimelineClient } from './timeline-client.ts';

const snapshot = {
  ok: true,
  value: { id: 'c', recordId: 'r', startedAtMs: 0, endedAtMs: null, seq: 0, speakers: [] },
};

describe('a timeline client', () => {
  let server: ScriptedTimelineSocket;
  let asked: { origin: string; token: string | null }[];
  let client: TimelineClient;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new ScriptedTimelineSocket();
    asked = [];
    client = new TimelineClient({ url: 'https://undertone.example/calls/x', token: 't' }, (origin, token) => {
      asked.push({ origin: origin!, token: token! });
      return server.socket;
    });
  });

  afterEach(() => {
    client.close();
    vi.useRealTimers();
  });

  test('connects to the origin of the address, with the token', () => {
    expect(asked).toEqual([{ origin: 'https://undertone.example', token: 't' }]);
  });

  test('refuses what is no address', () => {
    expect(() => new TimelineClient({ url: 'undertone' }, () => server.socket)).toThrow(TypeError);
  });

  test('shares the data of a call that is watched twice, and lets go of it with the last', () => {
    server.connect();
    const heard: string[] = [];
    const first = client.watch('c', () => heard.push('first'));
    const second = client.watch('c', () => heard.push('second'));
    expect(second.call).toBe(first.call);
    expect(server.asked.map(({ event }) => event)).toEqual(['watch-call']);
    server.answer(snapshot);
    expect(heard).toEqual(['first', 'second']);
    first.close();
    first.close();
    expect(server.asked.map(({ event }) => event)).toEqual(['watch-call']);
    second.close();
    expect(server.asked.map(({ event }) => event)).toEqual(['watch-call', 'unwatch-call']);
  });

  test('says that nobody answers, until somebody does', () => {
    const heard: unknown[] = [];
    client.watch('c', () => heard.push(client.problem));
    server.active = true;
    server.say('connect_error', new Error('websocket error'));
    expect(heard).toEqual(['unreachable']);
    server.connect();
    expect(client.problem).toBeNull();
  });

  test('says that it was refused, and asks again after a while', () => {
    client.watch('c', () => {});
    server.active = false;
    server.say('connect_error', new Error('token-wrong'));
    expect(client.problem).toBe('refused');
    expect(server.connected).toBe(false);
    vi.advanceTimersByTime(10_000);
    expect(server.connected).toBe(true);
    expect(client.problem).toBeNull();
  });

  test('closes its connection and asks nothing more', () => {
    server.connect();
    client.watch('c', () => {});
    client.close();
    client.close();
    expect(server.connected).toBe(false);
    const before = server.asked.length;
    vi.advanceTimersByTime(60_000);
    expect(server.asked).toHaveLength(before);
  });
});
