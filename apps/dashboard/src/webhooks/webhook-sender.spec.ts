import type { Alert, WebhookDelivery } from '@undertone/wire';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HistoryChange } from '../history/history-store.ts';
import type { PostOutcome } from './webhook-post.ts';
import { retryMs, WebhookSender } from './webhook-sender.ts';

const alert: Alert = {
  alertId: '00000000-0000-4000-8000-00000000000a',
  ruleId: 'r',
  ruleName: 'A rule',
  severity: 'notice',
  condition: { kind: 'talk-over', forMs: 3_000 },
  recordId: '00000000-0000-4000-8000-000000000001',
  callId: 'c',
  speakerId: null,
  firedAtMs: 1_000,
  fromMs: 0,
  untilMs: null,
  acknowledgedAtMs: null,
  snoozedUntilMs: null,
  notes: [],
};

let now: number;
let posted: { deliveryId: string; url: string; atMs: number }[];
let outcomes: PostOutcome[];
let told: HistoryChange[];
let sender: WebhookSender;

const senderTo = (...urls: string[]) =>
  new WebhookSender(
    urls,
    async ({ deliveryId, url }, atMs) => {
      posted.push({ deliveryId, url, atMs });
      return outcomes.shift() ?? { ok: true };
    },
    (change) => told.push(change),
    () => now,
    { maxWaiting: 3, maxPosting: 2 },
    pino({ level: 'silent' }),
  );
const pulse = async () => {
  sender.pulse();
  await sender.settled();
};
const lastTold = () => told.at(-1) as { change: 'delivery'; delivery: WebhookDelivery };
const failure = { ok: false, final: false, problem: 'the receiver answered 500' } as const;

beforeEach(() => {
  now = 1_700_000_000_000;
  posted = [];
  outcomes = [];
  told = [];
  sender = senderTo('https://one.example/');
});

describe('the sender of webhooks', () => {
  test('tells every receiver, and keeps what waits until it has arrived', async () => {
    sender = senderTo('https://one.example/', 'https://two.example/');
    sender.announce('alert.fired', alert);
    expect(told.map(({ change }) => change)).toEqual(['delivery', 'delivery']);
    await pulse();
    expect(posted.map(({ url }) => url)).toEqual(['https://one.example/', 'https://two.example/']);
    expect(told.slice(2).map(({ change }) => change)).toEqual(['delivery-done', 'delivery-done']);
    expect(sender.waiting).toBe(0);
  });

  test('tries again under the same number after ever longer pauses, then gives up', async () => {
    outcomes = Array(20).fill(failure);
    sender.announce('alert.fired', alert);
    await pulse();
    for (const pauseMs of retryMs) {
      now += pauseMs - 1;
      await pulse();
      now += 1;
      await pulse();
    }
    expect(posted).toHaveLength(1 + retryMs.length);
    expect(posted.slice(1).map(({ atMs }, i) => atMs - posted[i].atMs)).toEqual(retryMs);
    expect(new Set(posted.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(lastTold().delivery).toMatchObject({ nextAtMs: null, attempts: 7, problem: failure.problem });
    expect(sender.counts).toMatchObject({ dead: 1, 'failed-attempt': 7, delivered: 0 });
    now += 86_400_000;
    await pulse();
    expect(posted).toHaveLength(7);
  });

  test('delivers at the third attempt to a receiver that fails twice', async () => {
    outcomes = [failure, failure];
    sender.announce('alert.fired', alert);
    for (const pauseMs of [0, ...retryMs.slice(0, 2)]) {
      now += pauseMs;
      await pulse();
    }
    expect(posted).toHaveLength(3);
    expect(sender.counts).toMatchObject({ delivered: 1, dead: 0 });
  });

  test('gives up at once when the receiver wants no more, and begins anew when asked', async () => {
    outcomes = [{ ok: false, final: true, problem: 'the receiver answered 410' }];
    sender.announce('alert.fired', alert);
    await pulse();
    const { delivery } = lastTold();
    expect(delivery.nextAtMs).toBeNull();
    sender.retry(delivery);
    await pulse();
    expect(posted).toHaveLength(2);
    expect(sender.counts.delivered).toBe(1);
  });

  test('lets only so many wait and only so many be under way', async () => {
    for (let i = 0; i < 5; i++) sender.announce('alert.fired', alert);
    expect(sender.waiting).toBe(3);
    expect(sender.counts).toMatchObject({ 'over-limit': 2, dead: 2 });
    sender.pulse();
    expect(posted).toHaveLength(2);
    sender.pulse();
    expect(posted).toHaveLength(2);
    await sender.settled();
    await pulse();
    expect(posted).toHaveLength(3);
  });

  test('goes on after a restart with what waited', async () => {
    sender.announce('alert.fired', alert);
    const { delivery } = lastTold();
    sender = senderTo('https://one.example/');
    sender.restore([delivery]);
    await pulse();
    expect(posted.map(({ deliveryId }) => deliveryId)).toEqual([delivery.deliveryId]);
  });

  test('tells nobody of an alert that is to be forgotten', async () => {
    sender.announce('alert.fired', alert);
    sender.forget(alert.alertId);
    await pulse();
    expect(posted).toEqual([]);
  });
});
