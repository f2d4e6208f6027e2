import { ScriptedTimelineSocket } from '@undertone/overlay';
import type { Alert } from '@undertone/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { AlertFeed } from './alert-feed.ts';

const alert = (alertId: string, overrides: Partial<Alert> = {}): Alert => ({
  alertId,
  ruleId: 'angry',
  ruleName: 'Sounds angry',
  severity: 'warning',
  condition: { kind: 'silence', forMs: 1_000 },
  recordId: 'record',
  callId: 'c',
  speakerId: 'ana',
  firedAtMs: 1_000,
  fromMs: 500,
  untilMs: null,
  acknowledgedAtMs: null,
  snoozedUntilMs: null,
  notes: [],
  ...overrides,
});

let server: ScriptedTimelineSocket;
let feed: AlertFeed;
const open = (nowMs = 5_000) => (feed.openByCall(nowMs).get('record') ?? []).map((each) => each.alertId);

beforeEach(() => {
  server = new ScriptedTimelineSocket();
  feed = new AlertFeed(server.socket);
  feed.open();
  server.connect();
});

describe('an alert feed', () => {
  test('holds what the answer brought and what changed after it, the gravest first', () => {
    let changes = 0;
    const forget = feed.onChange(() => changes++);
    server.answer({ ok: true, value: [alert('a', { firedAtMs: 3_000 }), alert('b')] });
    expect(open()).toEqual(['b', 'a']);
    server.say('alerts-changed', [alert('c', { severity: 'critical', firedAtMs: 4_000 })]);
    expect(open()).toEqual(['c', 'b', 'a']);
    forget();
    server.say('alerts-removed', ['c', 'a']);
    expect([open(), changes]).toEqual([['b'], 2]);
  });

  test('leaves out what was acknowledged, and what is put off until its time', () => {
    server.answer({
      ok: true,
      value: [alert('a', { acknowledgedAtMs: 4_000 }), alert('b', { snoozedUntilMs: 6_000 })],
    });
    expect(open(5_000)).toEqual([]);
    expect(open(6_000)).toEqual(['b']);
    expect(feed.ofCall('record').length).toBe(2);
  });

  test('asks again after a reconnection, and forgets what is not there any more', () => {
    server.answer({ ok: true, value: [alert('a')] });
    server.disconnect();
    server.connect();
    server.say('alerts-changed', [alert('z')]);
    expect(open()).toEqual(['a']);
    server.answer({ ok: true, value: [alert('b')] });
    expect(open()).toEqual(['b']);
    feed.close();
    expect(server.listening).toBe(0);
  });
});
