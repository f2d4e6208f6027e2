import type { WebhookDelivery } from '@undertone/wire';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryChange } from '../../apps/dashboard/src/history/history-store.ts';
import { webhookPost } from '../../apps/dashboard/src/webhooks/webhook-post.ts';
import { retryMs, WebhookSender } from '../../apps/dashboard/src/webhooks/webhook-sender.ts';
import { scriptedAlert } from './scripted-alert.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const post = webhookPost(secret, ['127.0.0.1']);
const alert = scriptedAlert();
const deliveryTo = (url: string): WebhookDelivery => ({
  deliveryId: '00000000-0000-4000-8000-00000000000d',
  alertId: alert.alertId,
  url,
  event: { type: 'alert.fired', timestamp: '2026-01-01T00:00:00.000Z', data: alert },
  createdAtMs: 0,
  attempts: 0,
  nextAtMs: 0,
  problem: null,
});

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await WebhookReceiver.listen();
});
afterEach(() => receiver.close());

describe('a webhook', () => {
  test('arrives at the third attempt at a receiver that fails twice, each under the same number', async () => {
    receiver.answers.push(500, 503);
    let now = 1_700_000_000_000;
    const told: HistoryChange[] = [];
    const limits = { maxWaiting: 10, maxPosting: 4 };
    const sender = new WebhookSender(
      [receiver.url],
      post,
      (change) => told.push(change),
      () => now,
      limits,
      pino({ level: 'silent' }),
    );
    sender.announce('alert.fired', alert);
    for (const pauseMs of [0, ...retryMs.slice(0, 2)]) {
      now += pauseMs;
      sender.pulse();
      await sender.settled();
    }
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    expect(told.at(-1)?.change).toBe('delivery-done');
    expect(sender.counts).toMatchObject({ delivered: 1, 'failed-attempt': 2, dead: 0 });
  });

  test('follows no redirect', async () => {
    receiver.answers.push(302);
    expect(await post(deliveryTo(receiver.url), 0)).toEqual({
      ok: false,
      final: false,
      problem: 'the receiver answered 302',
    });
    expect(receiver.received).toHaveLength(1);
  });

  test('is given up at once when the receiver is gone for good', async () => {
    receiver.answers.push(410);
    expect(await post(deliveryTo(receiver.url), 0)).toMatchObject({ ok: false, final: true });
  });

  test('goes to no address of a private network, written as a number or behind a name', async () => {
    const guarded = webhookPost(secret, []);
    const port = new URL(receiver.url).port;
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
      const outcome = await guarded(deliveryTo(`http://${host}:${port}/`), 0);
      expect(outcome, host).toMatchObject({ ok: false, problem: expect.stringContaining('open internet') });
    }
    expect(receiver.received).toEqual([]);
  });

  test('says why nobody answered', async () => {
    const outcome = await post(deliveryTo('http://127.0.0.1:1/'), 0);
    expect(outcome).toMatchObject({
      ok: false,
      final: false,
      problem: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
