import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Alert,
  AlertPage,
  AlertRule,
  TimelineClientEvents,
  TimelineServerEvents,
  WebhookDelivery,
} from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const rule: AlertRule = {
  id: 'angry',
  name: 'Sounds angry',
  enabled: true,
  severity: 'critical',
  roles: [],
  cooldownMs: 0,
  condition: {
    kind: 'expression',
    expressions: ['angry'],
    enter: 0.6,
    clear: 0.4,
    minConfidence: 0.5,
    forMs: 3_000,
  },
};

let folder: string;
let dashboard: DashboardApp;
let analyzer: FakeAnalyzer;
let receiver: WebhookReceiver;
let startMs: number;
const closing: (() => unknown)[] = [];

const start = async (): Promise<void> => {
  dashboard = await startTestDashboard({
    historyFile: join(folder, 'history.sqlite'),
    alertRulesFile: join(folder, 'alert-rules.json'),
    webhooks: { urls: [receiver.url], secret, privateHosts: ['127.0.0.1'] },
  });
  analyzer = await FakeAnalyzer.connect(dashboard.url);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-alerts-'));
  writeFileSync(join(folder, 'alert-rules.json'), JSON.stringify({ rules: [rule] }));
  receiver = await WebhookReceiver.listen();
  startMs = Date.now() - 60_000;
  await start();
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await analyzer.close();
  await dashboard.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const ana = scriptedSpeaker({ callId: 'claim-1', id: 'ana' });
const eventually = <Value>(what: () => Promise<Value> | Value) => vi.waitFor(what, { timeout: 20_000 });
const api = () => request(dashboard.url);

/** Anger from `fromMs` to `untilMs` after the start. */
async function rage(fromMs: number, untilMs: number, expression: 'angry' | 'calm' = 'angry'): Promise<void> {
  const points = [];
  for (let ms = fromMs; ms < untilMs; ms += 200) points.push(spokenPoint(startMs + ms, expression, 0.8));
  await analyzer.points(ana, ...points);
}
const alerts = async (query = ''): Promise<Alert[]> =>
  ((await api().get(`/api/alerts${query}`).expect(200)).body as AlertPage).alerts;
const fired = async (): Promise<Alert> => {
  await analyzer.join(ana);
  await rage(0, 5_000);
  return eventually(async () => {
    const [alert] = await alerts();
    expect(alert).toBeDefined();
    return alert;
  });
};

describe('an alert', () => {
  test('reaches viewers, the history and the webhook, signed, and ends when the voice has calmed down', async () => {
    const viewer: Socket<TimelineServerEvents, TimelineClientEvents> = io(`${dashboard.url}/timeline`, {
      transports: ['websocket'],
      forceNew: true,
    });
    closing.push(() => viewer.disconnect());
    const seen: Alert[] = [];
    viewer.on('alerts-changed', (changed) => seen.push(...changed));
    expect(await viewer.emitWithAck('watch-alerts')).toEqual({ ok: true, value: [] });

    const alert = await fired();
    expect(alert).toMatchObject({
      ruleId: 'angry',
      severity: 'critical',
      callId: 'claim-1',
      speakerId: 'ana',
      fromMs: startMs - 200,
      firedAtMs: startMs + 2_800,
      untilMs: null,
      acknowledgedAtMs: null,
    });
    await eventually(() => expect(seen).toEqual([alert]));
    await rage(5_000, 9_000, 'calm');
    await eventually(() => expect(seen.at(-1)?.untilMs).toBe(startMs + 4_800));

    await eventually(() => expect(receiver.received).toHaveLength(2));
    const events = receiver.received.map(({ headers, body }) =>
      new Webhook(secret).verify(body, headers as Record<string, string>),
    );
    expect(events).toMatchObject([
      { type: 'alert.fired', data: { alertId: alert.alertId } },
      { type: 'alert.ended', data: { alertId: alert.alertId, untilMs: startMs + 4_800 } },
    ]);
    expect(await (await api().get('/api/webhooks/dead').expect(200)).body).toEqual([]);
  });

  test('is acknowledged, snoozed and noted so that a restart keeps it, and does not fire again while it lasts', async () => {
    const { alertId } = await fired();
    const path = `/api/alerts/${alertId}`;
    await api().post(`${path}/notes`).send({ text: '  Called back. ' }).expect(201);
    await api().put(`${path}/snooze`).send({ forMs: 60_000 }).expect(200);
    const { body } = await api().put(`${path}/acknowledgement`).expect(200);
    expect(body).toMatchObject({ notes: [{ text: 'Called back.' }], untilMs: null });
    expect(body.acknowledgedAtMs).toBeGreaterThan(startMs);
    expect(body.snoozedUntilMs).toBeGreaterThan(Date.now());
    await analyzer.close();
    await dashboard.close();

    await start();
    expect((await api().get(path).expect(200)).body).toEqual(body);
    expect(await alerts('?open=true')).toEqual([]);
    await analyzer.join(ana);
    await rage(5_000, 10_000);
    await rage(10_000, 14_000, 'calm');
    await eventually(async () => expect((await alerts())[0].untilMs).toBe(startMs + 9_800));
    // The same again within the snooze stays snoozed.
    await rage(14_000, 19_000);
    await eventually(async () => expect(await alerts()).toHaveLength(2));
    expect((await alerts())[0]).toMatchObject({
      acknowledgedAtMs: null,
      snoozedUntilMs: body.snoozedUntilMs,
    });
  });

  test('is gone, for viewers and in the history, when its speaker withdraws the consent', async () => {
    const { alertId } = await fired();
    const viewer: Socket<TimelineServerEvents, TimelineClientEvents> = io(`${dashboard.url}/timeline`, {
      transports: ['websocket'],
      forceNew: true,
    });
    closing.push(() => viewer.disconnect());
    const removed: string[] = [];
    viewer.on('alerts-removed', (ids) => removed.push(...ids));
    await viewer.emitWithAck('watch-alerts');
    await analyzer.say({
      type: 'speaker-updated',
      speaker: { ...ana, consent: 'withdrawn', decision: { analysed: false, reason: 'withdrawn' } },
    });
    await eventually(() => expect(removed).toEqual([alertId]));
    await eventually(async () => expect(await alerts()).toEqual([]));
    await api().get(`/api/alerts/${alertId}`).expect(404);
  });

  test('whose webhook was given up is listed, also after a restart, and posted anew when asked', async () => {
    receiver.answers.push(410);
    const { alertId } = await fired();
    const dead = async (): Promise<WebhookDelivery[]> =>
      (await api().get('/api/webhooks/dead').expect(200)).body;
    await eventually(async () => expect(await dead()).toHaveLength(1));
    await analyzer.close();
    await dashboard.close();
    await start();
    const [delivery] = await dead();
    expect(delivery).toMatchObject({ alertId, attempts: 1, nextAtMs: null, event: { type: 'alert.fired' } });
    expect(delivery.problem).toContain('410');
    const path = `/api/webhooks/dead/${delivery.deliveryId}/retry`;
    const { body } = await api().post(path).expect(200);
    expect(body).toMatchObject({ deliveryId: delivery.deliveryId, attempts: 0 });
    await eventually(async () => expect(await dead()).toEqual([]));
    await eventually(async () => expect((await api().post(path)).body.code).toBe('delivery-not-found'));
    const posted = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(posted.filter((id) => id === delivery.deliveryId)).toHaveLength(2);
  });

  test.each([
    ['get', '/api/alerts/00000000-0000-4000-8000-000000000000', undefined, 404, 'alert-not-found'],
    ['put', '/api/alerts/00000000-0000-4000-8000-000000000000/acknowledgement', {}, 404, 'alert-not-found'],
    ['put', '/api/alerts/x/snooze', { forMs: 60_000 }, 400, 'request-malformed'],
    ['put', '/api/alerts/00000000-0000-4000-8000-000000000000/snooze', {}, 400, 'request-malformed'],
    [
      'post',
      '/api/alerts/00000000-0000-4000-8000-000000000000/notes',
      { text: ' ' },
      400,
      'request-malformed',
    ],
    ['post', '/api/webhooks/dead/00000000-0000-4000-8000-000000000000/retry', {}, 404, 'delivery-not-found'],
  ] as const)('answers %s %s with a problem where there is one', async (method, path, body, status, code) => {
    const answer = await api()[method](path).send(body).expect(status);
    expect(answer.body).toMatchObject({ status, code });
  });
});

describe('the rules', () => {
  test('are replaced at once, on disk too, but not over the change of somebody else', async () => {
    const { body } = await api().get('/api/alert-rules').expect(200);
    expect(body.rules).toEqual([rule]);
    const quick = { ...rule, id: 'quick', condition: { ...rule.condition, forMs: 1_000 } };
    const replaced = await api()
      .put('/api/alert-rules')
      .send({ rules: [quick], revision: body.revision })
      .expect(200);
    expect(replaced.body.rules).toEqual([quick]);
    expect(JSON.parse(readFileSync(join(folder, 'alert-rules.json'), 'utf8'))).toEqual({ rules: [quick] });
    const late = await api()
      .put('/api/alert-rules')
      .send({ rules: [rule], revision: body.revision })
      .expect(409);
    expect(late.body.code).toBe('rules-changed');
    const alert = await fired();
    expect(alert).toMatchObject({ ruleId: 'quick', firedAtMs: startMs + 800 });
    // Its rule is no more: it ends.
    await api().put('/api/alert-rules').send({ rules: [], revision: replaced.body.revision }).expect(200);
    await eventually(async () => expect((await alerts())[0].untilMs).not.toBeNull());
  });

  test('are refused with the name of what is wrong', async () => {
    const { body } = await api().get('/api/alert-rules');
    const put = (change: object) =>
      api()
        .put('/api/alert-rules')
        .send({ rules: [{ ...rule, condition: { ...rule.condition, ...change } }], revision: body.revision });
    expect((await put({ clear: 0.7 }).expect(400)).body.detail).toContain('must be below `enter`');
    expect((await put({ forMs: 1 }).expect(400)).body.detail).toContain('condition.forMs');
    const twice = await api()
      .put('/api/alert-rules')
      .send({ rules: [rule, rule], revision: body.revision })
      .expect(400);
    expect(twice.body.detail).toContain('an id of its own');
  });

  test('can be tried on a call of before, and would have fired just when they did', async () => {
    const alert = await fired();
    await rage(5_000, 9_000, 'calm');
    await eventually(async () => expect((await alerts())[0].untilMs).not.toBeNull());
    const { untilMs } = (await alerts())[0];
    const trial = (tried: AlertRule) =>
      api().post('/api/alert-trials').send({ rule: tried, recordId: alert.recordId }).expect(200);
    expect((await trial({ ...rule, enabled: false })).body).toEqual({
      firings: [{ speakerId: 'ana', firedAtMs: alert.firedAtMs, fromMs: alert.fromMs, untilMs }],
    });
    const stricter = { ...rule, condition: { ...rule.condition, enter: 0.9 } } as AlertRule;
    expect((await trial(stricter)).body).toEqual({ firings: [] });
    expect(await alerts()).toHaveLength(1);
  });

  test('that are wrong in the file stop the start with a line that says where', async () => {
    const file = join(folder, 'wrong.json');
    writeFileSync(file, JSON.stringify({ rules: [{ ...rule, severity: 'loud' }] }));
    await expect(startTestDashboard({ alertRulesFile: file })).rejects.toThrow(/wrong\.json.*\n.*severity/s);
    writeFileSync(file, '{');
    await expect(startTestDashboard({ alertRulesFile: file })).rejects.toThrow(/wrong\.json can't be used/);
  });
});
