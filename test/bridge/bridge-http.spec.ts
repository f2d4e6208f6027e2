import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observer, type types } from 'mediasoup';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { TestBridge } from './test-bridge.ts';

const customer = { name: 'Someone', role: 'customer', consent: 'granted' };

describe('the HTTP interface of the bridge', () => {
  let analyzer: FakeAnalyzer;
  let bridge: TestBridge;
  let webFolder: string;
  const workers: types.Worker[] = [];

  beforeAll(async () => {
    observer.on('newworker', (worker) => workers.push(worker));
    webFolder = mkdtempSync(join(tmpdir(), 'join-page-'));
    analyzer = await FakeAnalyzer.start();
    bridge = await TestBridge.start(analyzer.url, {
      webFolder,
      keepOrphansMs: 50,
      maxCalls: 2,
      maxSpeakersPerCall: 2,
    });
    await analyzer.until(() => analyzer.messages.length > 0);
  });
  afterAll(async () => {
    await bridge.close();
    await analyzer.close();
    rmSync(webFolder, { recursive: true });
  });

  it('reports health, readiness and metrics', async () => {
    const health = await request(bridge.url).get('/health').expect(200);
    expect(health.body).toEqual({
      status: 'ok',
      name: 'sfu-bridge',
      details: {
        analyzerConnected: true,
        analyzerWorkers: { connected: 1, known: 1 },
        desks: 1,
        mediaWorkers: { running: 1, configured: 1, pids: [expect.any(Number)] },
        calls: 0,
        speakers: 0,
        hosts: 0,
        tappedSpeakers: 0,
        analysisProfile: 'customer-only',
        speechDecoder: 'libopus-wasm',
      },
    });
    await request(bridge.url).get('/ready').expect(200, { status: 'ready' });
    const metrics = await request(bridge.url).get('/metrics').expect(200);
    expect(metrics.headers['content-type']).toContain('text/plain');
    for (const name of ['rtp_packets_total', 'rtp_lost_total', 'queued_frames', 'analyzer_credits'])
      expect(metrics.text).toContain(`undertone_bridge_${name} `);
  });

  it('opens a port for a plain RTP speaker, lists it, changes it and takes it out', async () => {
    const added = await request(bridge.url)
      .post('/calls/plain/speakers')
      .send({ ...customer, id: 'caller' })
      .expect(201);
    expect(added.body.speaker).toEqual({
      ...customer,
      callId: 'plain',
      id: 'caller',
      muted: false,
      joinedAtMs: bridge.nowMs,
      decision: { analysed: true, reason: 'Customer, with consent' },
    });
    expect(added.body.rtp).toEqual({
      ip: '127.0.0.1',
      port: expect.any(Number),
      payloadType: 100,
      ssrc: expect.any(Number),
      clockRateHz: 48_000,
      audioLevelExtensionId: 1,
    });
    const listed = await request(bridge.url).get('/calls').expect(200);
    expect(listed.body).toEqual([{ id: 'plain', startedAtMs: bridge.nowMs, speakers: [added.body.speaker] }]);
    const changed = await request(bridge.url)
      .patch('/calls/plain/speakers/caller')
      .send({ muted: true, consent: 'denied' })
      .expect(200);
    expect(changed.body).toMatchObject({ muted: true, consent: 'denied', decision: { analysed: false } });
    await request(bridge.url).delete('/calls/plain/speakers/caller').expect(204);
    await request(bridge.url).get('/calls').expect(200, []);
  });

  it('chooses an id where none is asked for', async () => {
    const added = await request(bridge.url).post('/calls/plain/speakers').send(customer).expect(201);
    expect(added.body.speaker.id).toMatch(/^[0-9a-f-]{36}$/);
    await request(bridge.url).delete(`/calls/plain/speakers/${added.body.speaker.id}`).expect(204);
  });

  const problem = (status: number, code: string) => ({
    type: `urn:undertone:problem:${code}`,
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
    instance: expect.stringMatching(/^\//),
  });

  it.each([
    ['an unknown role', '/calls/call/speakers', { ...customer, role: 'boss' }],
    ['a missing consent', '/calls/call/speakers', { name: 'Someone', role: 'customer' }],
    ['a call id that is not an identifier', '/calls/a%20b/speakers', customer],
    ['no body', '/calls/call/speakers', undefined],
  ])('answers %s with problem details', async (_, path, body) => {
    const response = await request(bridge.url).post(path).send(body).expect(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toEqual(problem(400, 'request-malformed'));
  });

  it('answers broken JSON, unknown speakers and unknown paths with problem details', async () => {
    const broken = await request(bridge.url)
      .post('/calls/call/speakers')
      .set('content-type', 'application/json')
      .send('{"name"')
      .expect(400);
    expect(broken.body).toEqual(problem(400, 'bad-request'));
    const unknown = await request(bridge.url).delete('/calls/call/speakers/nobody').expect(404);
    expect(unknown.body).toEqual(problem(404, 'speaker-not-found'));
    const nowhere = await request(bridge.url).get('/nowhere').expect(404);
    expect(nowhere.body).toEqual(problem(404, 'not-found'));
  });

  it('keeps to its limits of speakers and calls, and to one speaker per id', async () => {
    const add = (callId: string, id: string) =>
      request(bridge.url)
        .post(`/calls/${callId}/speakers`)
        .send({ ...customer, id });
    await add('one', 'a').expect(201);
    const twice = await add('one', 'a').expect(409);
    expect(twice.body).toEqual(problem(409, 'speaker-exists'));
    await add('one', 'b').expect(201);
    const full = await add('one', 'c').expect(409);
    expect(full.body).toEqual(problem(409, 'call-full'));
    await add('two', 'a').expect(201);
    const tooMany = await add('three', 'a').expect(503);
    expect(tooMany.body).toEqual(problem(503, 'media-unavailable'));
    for (const [call, id] of [
      ['one', 'a'],
      ['one', 'b'],
      ['two', 'a'],
    ])
      await request(bridge.url).delete(`/calls/${call}/speakers/${id}`).expect(204);
  });

  it('says how to build the join page, and serves it once it is built', async () => {
    const missing = await request(bridge.url).get('/join').expect(503);
    expect(missing.text).toContain('npm run build:web');
    writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Join</title>');
    for (const path of ['/join', '/join/', '/join?call=demo']) {
      const page = await request(bridge.url).get(path).expect(200);
      expect(page.text).toContain('<title>Join</title>');
    }
  });

  it('replaces a media worker that dies, after its calls are over', async () => {
    await request(bridge.url)
      .post('/calls/doomed/speakers')
      .send({ ...customer, id: 'a' })
      .expect(201);
    process.kill(workers.at(-1)!.pid, 'SIGKILL');
    await analyzer.until(() =>
      analyzer.messages.some((message) => message.type === 'speaker-left' && message.callId === 'doomed'),
    );
    await request(bridge.url).get('/calls').expect(200, []);
    await bridge.reaches('media_workers', 1);
    expect(await bridge.metric('media_worker_deaths_total')).toBe(1);
    await request(bridge.url)
      .post('/calls/doomed/speakers')
      .send({ ...customer, id: 'a' })
      .expect(201);
  });
});

describe('createBridgeApp', () => {
  it('is not ready while the analyzer is away, and says so in its health', async () => {
    const other = await FakeAnalyzer.start();
    const alone = await TestBridge.start(other.url);
    try {
      await other.until(() => other.messages.length > 0);
      await request(alone.url).get('/ready').expect(200);
      await other.close();
      while ((await alone.metric('analyzer_connected')) === 1) await new Promise(setImmediate);
      const problem = await request(alone.url).get('/ready').expect(503);
      expect(problem.body).toMatchObject({ code: 'analyzer-away', instance: '/ready' });
      expect((await request(alone.url).get('/health').expect(200)).body.status).toBe('degraded');
    } finally {
      await alone.close();
    }
  });

  it('refuses to start with a clear line where no media worker can', async () => {
    const analyzer = await FakeAnalyzer.start();
    await expect(TestBridge.start(analyzer.url, { host: '203.0.113.7' })).rejects.toThrow(
      /a mediasoup worker can't be started/,
    );
    await analyzer.close();
  });
});
