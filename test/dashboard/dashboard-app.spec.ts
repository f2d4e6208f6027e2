import { once } from 'node:events';
import type {
  CallDelta,
  CallSnapshot,
  CallSummary,
  TimelineClientEvents,
  TimelineServerEvents,
} from '@undertone/wire';
import { io, type Socket } from 'socket.io-client';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';
import { missingWebFolder, startTestDashboard } from './test-dashboard.ts';

type Viewer = Socket<TimelineServerEvents, TimelineClientEvents>;

let dashboard: DashboardApp;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  dashboard = await startTestDashboard();
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await dashboard.close();
});

async function analyzer(): Promise<FakeAnalyzer> {
  const fake = await FakeAnalyzer.connect(dashboard.url);
  closing.push(() => fake.close());
  return fake;
}

function viewer(): Viewer {
  const socket: Viewer = io(`${dashboard.url}/timeline`, { transports: ['websocket'], forceNew: true });
  closing.push(() => socket.disconnect());
  return socket;
}

const customer = scriptedSpeaker({ callId: 'call-1', id: 'ana' });

/** Until the messages sent so far have reached the store. */
const stored = (callId: string, points: number) =>
  vi.waitFor(async () => {
    const { body } = await request(dashboard.url).get(`/api/calls/${callId}`).expect(200);
    expect((body as CallSnapshot).speakers[0].points).toHaveLength(points);
  });

describe('the REST interface', () => {
  test('lists live calls and gives the points of one', async () => {
    await request(dashboard.url).get('/api/calls').expect(200, []);
    const fake = await analyzer();
    const atMs = Date.now();
    await fake.join(customer);
    await fake.points(customer, spokenPoint(atMs, 'angry', 0.8), silentPoint(atMs + 200));
    await stored('call-1', 2);

    const list = (await request(dashboard.url).get('/api/calls').expect(200)).body as CallSummary[];
    expect(list).toHaveLength(1);
    expect(list[0].speakers[0].speaker).toEqual(customer);
    expect(list[0].speakers[0].latest?.state).toBe('silence');

    const call = (await request(dashboard.url).get('/api/calls/call-1').expect(200)).body as CallSnapshot;
    expect(call.endedAtMs).toBeNull();
    expect(call.speakers[0].points[0]).toMatchObject({
      atMs,
      state: 'speech',
      valence: -0.7,
      confidence: 0.8,
    });
    expect(call.speakers[0].points[0].probabilities?.[4]).toBeCloseTo(0.8, 4);
  });

  test('answers errors as problem details', async () => {
    const missing = await request(dashboard.url).get('/api/calls/none').expect(404);
    expect(missing.type).toBe('application/problem+json');
    expect(missing.body).toMatchObject({ status: 404, code: 'call-not-found', instance: '/api/calls/none' });
    const malformed = await request(dashboard.url).get('/api/calls/a%20b').expect(400);
    expect(malformed.body).toMatchObject({ status: 400, code: 'request-malformed' });
    const unknown = await request(dashboard.url).get('/nowhere').expect(404);
    expect(unknown.body).toMatchObject({ status: 404, type: 'urn:undertone:problem:not-found' });
  });

  test('reports health, readiness and metrics', async () => {
    const { body } = await request(dashboard.url).get('/health').expect(200);
    expect(body).toMatchObject({ name: 'dashboard', details: { analyzerConnected: false, liveCalls: 0 } });
    expect(body.status).toBe('degraded');
    const metrics = await request(dashboard.url).get('/metrics').expect(200);
    expect(metrics.text).toContain('undertone_dashboard_calls 0');
    expect(metrics.text).toContain('undertone_dashboard_ingest_messages_total{outcome="taken"} 0');
    await request(dashboard.url).get('/api/settings').expect(200);
  });

  test('says how to build the page when it is missing, and is not ready', async () => {
    const bare = await startTestDashboard({ webFolder: missingWebFolder });
    closing.push(() => bare.close());
    const page = await request(bare.url).get('/').expect(503);
    expect(page.text).toContain('npm run build:web');
    const ready = await request(bare.url).get('/ready').expect(503);
    expect(ready.body).toMatchObject({ code: 'web-page-missing' });
  });

  test('sends a policy that allows no inline script', async () => {
    const { headers } = await request(dashboard.url).get('/health');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('the ingest socket', () => {
  test('counts what is malformed and goes on', async () => {
    const fake = await analyzer();
    await fake.sayText('{');
    await fake.sayText('{"type":"points"}');
    fake.socket.send(Buffer.from([1, 2, 3]));
    await fake.join(customer);
    await fake.points(customer, spokenPoint(Date.now(), 'calm'));
    await stored('call-1', 1);
    const { text } = await request(dashboard.url).get('/metrics');
    expect(text).toContain('undertone_dashboard_ingest_messages_total{outcome="message-malformed"} 2');
    expect(text).toContain('undertone_dashboard_ingest_messages_total{outcome="message-binary"} 1');
  });

  test('closes a connection that sends a message over the limit', async () => {
    const fake = await analyzer();
    const closed = once(fake.socket, 'close');
    fake.socket.send('x'.repeat(300 * 1_024));
    const [code] = await closed;
    expect(code).toBe(1009);
    const { text } = await request(dashboard.url).get('/metrics');
    expect(text).toContain('undertone_dashboard_ingest_messages_total{outcome="message-oversized"} 1');
  });

  test('refuses web pages', async () => {
    const socket = new WebSocket(`${dashboard.url.replace(/^http/, 'ws')}/ingest`, {
      origin: 'https://elsewhere.example',
    });
    const [error] = await once(socket, 'error');
    expect((error as Error).message).toContain('403');
  });
});

describe('the timeline socket', () => {
  test('answers with a snapshot and sends deltas numbered from there', async () => {
    const fake = await analyzer();
    const atMs = Date.now() - 10_000;
    await fake.join(customer);
    await fake.points(customer, spokenPoint(atMs, 'calm'));
    await stored('call-1', 1);

    const browser = viewer();
    const reply = await browser.emitWithAck('watch-call', { callId: 'call-1' });
    if (!reply.ok) throw new Error(reply.error.message);
    expect(reply.value.speakers[0].points).toHaveLength(1);

    const deltas: CallDelta[] = [];
    browser.on('call-delta', (delta) => deltas.push(delta));
    await fake.points(customer, spokenPoint(atMs + 200, 'happy'), spokenPoint(atMs + 400, 'happy'));
    await fake.leave(customer);
    await vi.waitFor(() => expect(deltas.at(-1)?.change).toBe('ended'));
    expect(deltas.map((delta) => delta.seq)).toEqual(
      deltas.map((_, i) => (reply.ok ? reply.value.seq : 0) + 1 + i),
    );
    const points = deltas.flatMap((delta) => (delta.change === 'points' ? delta.points : []));
    expect(points.map((point) => point.atMs)).toEqual([atMs + 200, atMs + 400]);
  });

  test('tells the wall of new, changed and ended calls', async () => {
    const fake = await analyzer();
    const browser = viewer();
    const reply = await browser.emitWithAck('watch-calls');
    expect(reply).toEqual({ ok: true, value: [] });

    const changed = new Promise<CallSummary[]>((resolve) => browser.once('calls-changed', resolve));
    await fake.join(customer);
    expect((await changed)[0].id).toBe('call-1');

    const ended = new Promise<string[]>((resolve) => browser.once('calls-ended', resolve));
    await fake.leave(customer);
    expect(await ended).toEqual(['call-1']);
  });

  test('says whether an analyzer is connected', async () => {
    const states: boolean[] = [];
    const browser = viewer();
    browser.on('analysis-link', ({ connected }) => states.push(connected));
    await vi.waitFor(() => expect(states).toEqual([false]));
    const fake = await analyzer();
    await vi.waitFor(() => expect(states).toEqual([false, true]));
    await fake.close();
    await vi.waitFor(() => expect(states).toEqual([false, true, false]));
  });

  test('answers a request that breaks the contract with a code', async () => {
    const browser = viewer();
    const malformed = await browser.emitWithAck('watch-call', { callId: '../secret' });
    expect(malformed).toMatchObject({ ok: false, error: { code: 'request-malformed' } });
    const missing = await browser.emitWithAck('watch-call', { callId: 'none' });
    expect(missing).toMatchObject({ ok: false, error: { code: 'call-not-found' } });
  });

  test('lets no viewer ask without end', async () => {
    const browser = viewer();
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => browser.emitWithAck('watch-call', { callId: 'none' })),
    );
    const codes = replies.map((reply) => (reply.ok ? 'ok' : reply.error.code));
    expect(codes).toContain('too-many-requests');
  });

  test('is closed to the pages of other origins', async () => {
    const browser = io(`${dashboard.url}/timeline`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { origin: 'https://elsewhere.example' },
    });
    closing.push(() => browser.disconnect());
    await new Promise((resolve) => browser.once('connect_error', resolve));
    expect(browser.connected).toBe(false);
  });
});
