import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { Validator } from '@seriousme/openapi-schema-validator';
import type { CallRecord, CallRecordPage, CallReport, EmotionPoint, PointPage } from '@undertone/wire';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiRoute } from '../../apps/dashboard/src/api/api-route.ts';
import { apiRoutes } from '../../apps/dashboard/src/api/api-routes.ts';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';

let dashboard: DashboardApp;
let analyzer: FakeAnalyzer;
let record: CallRecord;

const startMs = Date.now() - 120_000;
const ana = scriptedSpeaker({ callId: 'claim-1', id: 'ana', name: '=Ana, "A"', joinedAtMs: startMs });
const ben = scriptedSpeaker({ callId: 'claim-1', id: 'ben', name: 'Ben', joinedAtMs: startMs + 1 });
const anaPoints = Array.from({ length: 300 }, (_, i) =>
  i % 10 < 7
    ? spokenPoint(startMs + i * 200, i % 2 ? 'angry' : 'calm', 0.75)
    : silentPoint(startMs + i * 200),
);
const benPoints = [spokenPoint(startMs + 61_000, 'happy', 0.75)];

const get = (path: string) => request(dashboard.url).get(path);

beforeAll(async () => {
  dashboard = await startTestDashboard();
  analyzer = await FakeAnalyzer.connect(dashboard.url);
  await analyzer.join(ana);
  await analyzer.join(ben);
  for (let i = 0; i < 300; i += 100) await analyzer.points(ana, ...anaPoints.slice(i, i + 100));
  await analyzer.points(ben, ...benPoints);
  await vi.waitFor(
    async () => {
      const { calls } = (await get('/api/history')).body as CallRecordPage;
      const { body } = await get(`/api/history/${calls[0].recordId}/speakers/ben/points`).expect(200);
      expect((body as PointPage).points).toHaveLength(1);
      record = calls[0];
    },
    { timeout: 20_000 },
  );
});

afterAll(async () => {
  await analyzer.close();
  await dashboard.close();
});

/** A request of the route, with the parameters of the call that is kept. */
const pathOf = ({ path }: ApiRoute): string =>
  path.replace('{id}', 'claim-1').replace('{recordId}', record.recordId).replace('{speakerId}', 'ana');

describe('the history over REST', () => {
  test('lists calls with who was in them', async () => {
    const { body } = await get('/api/history?text=CLAIM&limit=1').expect(200);
    expect(body).toEqual({ calls: [record], next: null });
    expect(record.speakers.map(({ speaker }) => speaker)).toEqual([ana, ben]);
    await get('/api/history?callId=other').expect(200, { calls: [], next: null });
    await get(`/api/history/${record.recordId}`).expect(200, record);
  });

  test('pages points, and gives the same numbers as the live call', async () => {
    const live = (await get('/api/calls/claim-1')).body.speakers[0].points as EmotionPoint[];
    const paged: EmotionPoint[] = [];
    let after = '';
    do {
      const { body } = await get(
        `/api/history/${record.recordId}/speakers/ana/points?limit=77${after}`,
      ).expect(200);
      const page = body as PointPage;
      paged.push(...page.points);
      after = page.next === null ? '' : `&afterMs=${page.next}`;
    } while (after !== '');
    expect(paged).toEqual(live);
    expect(paged).toHaveLength(300);
  });

  test('averages points on request', async () => {
    const { body } = await get(`/api/history/${record.recordId}/speakers/ana/points?stepMs=10000`).expect(
      200,
    );
    const { points } = body as PointPage;
    expect(points.length).toBeGreaterThanOrEqual(6);
    expect(points.length).toBeLessThanOrEqual(7);
    expect(points.every(({ state }) => state === 'speech')).toBe(true);
  });

  test('sums a call up', async () => {
    const report = (await get(`/api/history/${record.recordId}/report`).expect(200)).body as CallReport;
    const [of_ana, of_ben] = report.speakers;
    // Seven of ten points are speech; each stands for 200 ms.
    expect(of_ana.speechMs).toBe(42_000);
    expect(of_ana.silenceMs).toBe(18_000);
    expect(of_ana.talkShare).toBeCloseTo(42_000 / 42_200, 6);
    expect(of_ben.expressionShares?.[2]).toBe(1);
    expect(report.overlapMs).toBe(0);
  });

  test('exports every point as CSV that a spreadsheet can open without running a name', async () => {
    const { text, headers } = await get(`/api/history/${record.recordId}/export?format=csv`).expect(200);
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toMatch(/^attachment; filename=claim-1_\d{4}-\d\d-\d\d\.csv$/);
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 300 + 1);
    expect(lines[1].startsWith(`${record.recordId},claim-1,ana,"'=Ana, ""A""",customer,${startMs},`)).toBe(
      true,
    );
    expect(lines[2]).toContain(',speech,angry,0.75,-0.7,0.75,');
    expect(lines[8]).toMatch(/,silence,,0,,,,,,,,,,,,$/);
  });

  test('exports the same points as JSON, or means of them', async () => {
    const { body } = await get(`/api/history/${record.recordId}/export?format=json`).expect(200);
    expect(body.call).toEqual(record);
    expect(body.speakers.map(({ points }: { points: unknown[] }) => points.length)).toEqual([300, 1]);
    const coarse = await get(`/api/history/${record.recordId}/export?format=json&stepMs=60000`).expect(200);
    expect(coarse.body.speakers[0].points.length).toBeLessThanOrEqual(2);
  });

  test.each([
    ['/api/history?limit=0', 400, 'request-malformed'],
    ['/api/history?limit=1000000', 400, 'request-malformed'],
    ['/api/history?cursor=AAAA', 400, 'cursor-malformed'],
    ['/api/history/not-a-uuid', 400, 'request-malformed'],
    ['/api/history/00000000-0000-4000-8000-000000000000', 404, 'record-not-found'],
    ['/api/history/00000000-0000-4000-8000-000000000000/report', 404, 'record-not-found'],
    ['/api/history/00000000-0000-4000-8000-000000000000/export', 404, 'record-not-found'],
    ['/api/history/00000000-0000-4000-8000-000000000000/speakers/a/points', 404, 'record-not-found'],
    ["/api/history/x'%20OR%201=1--/report", 400, 'request-malformed'],
  ])('refuses %s with a problem', async (path, status, code) => {
    const { body, type } = await get(path).expect(status);
    expect(type).toBe('application/problem+json');
    expect(body).toMatchObject({ status, code });
  });

  test('is answered to pages of allowed origins alone', async () => {
    const desk = 'https://desk.example';
    const open = await startTestDashboard({ allowedOrigins: [desk] });
    const asked = (url: string, origin: string) => request(url).get('/api/history').set('origin', origin);
    expect((await asked(open.url, desk)).headers['access-control-allow-origin']).toBe(desk);
    const other = 'https://elsewhere.example';
    expect((await asked(open.url, other)).headers['access-control-allow-origin']).toBeUndefined();
    expect((await asked(dashboard.url, desk)).headers['access-control-allow-origin']).toBeUndefined();
    await open.close();
    const changed = await request(dashboard.url).put('/api/alert-rules').set('origin', other).send({});
    expect(changed.body).toMatchObject({ status: 403, code: 'origin-not-allowed' });
  });

  test('is kept by no cache on the way', async () => {
    const { headers } = await get('/api/history').expect(200);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the OpenAPI document', () => {
  test('follows OpenAPI 3.1', async () => {
    const { body } = await get('/api/openapi.json').expect(200);
    const result = await new Validator().validate(body);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  test('describes what is answered', async () => {
    const { body } = await get('/api/openapi.json').expect(200);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(body, 'api');
    for (const route of apiRoutes.filter(
      ({ method, path }) => method === 'get' && !path.includes('{alertId}'),
    )) {
      const answer = await get(pathOf(route)).query(route.path.endsWith('export') ? { format: 'json' } : {});
      expect(answer.status, route.path).toBe(200);
      const pointer = `api#/paths/${route.path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/get/responses/200/content/application~1json/schema`;
      const validate = ajv.getSchema(pointer);
      expect(validate, pointer).toBeDefined();
      validate!(answer.body);
      expect(validate!.errors, route.path).toBeNull();
    }
  });
});

describe('the AsyncAPI document', () => {
  test('follows AsyncAPI 3.0 and names every event', async () => {
    const { body } = await get('/api/asyncapi.json').expect(200);
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.validate(asyncApiSchema, body);
    expect(ajv.errors).toBeNull();
    expect(Object.keys(body.channels.timeline.messages).sort()).toEqual([
      'alerts-changed',
      'alerts-removed',
      'analysis-link',
      'call-delta',
      'calls-changed',
      'calls-ended',
      'unwatch-call',
      'watch-alerts',
      'watch-alerts-reply',
      'watch-call',
      'watch-call-reply',
      'watch-calls',
      'watch-calls-reply',
    ]);
  });
});
