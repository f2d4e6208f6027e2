import type { Server } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWebApp } from './create-web-app.ts';
import { HEALTH, type Health } from './health.ts';
import { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';

class Refusal extends Error {}

@Controller()
class FailingController {
  @Get('secret')
  secret(): never {
    throw new Error('the password is swordfish');
  }

  @Get('refused')
  refused(): never {
    throw new Refusal('ask later');
  }
}

@Module({})
class TestModule {}

let obstacle: Problem | null;
let app: NestExpressApplication;
let logged: string[];
const health: Health = {
  report: () => ({ status: 'degraded', name: 'test', details: { parts: 1 } }),
  obstacle: () => obstacle,
};

beforeEach(async () => {
  obstacle = null;
  logged = [];
  const metrics = new Metrics('test');
  metrics.gauge('depth', 'How much waits', () => 7);
  metrics.labelledCounter('refusals_total', 'What was refused', 'code', () => ({ late: 3 }));
  const module = {
    module: TestModule,
    controllers: [FailingController],
    providers: [
      { provide: HEALTH, useValue: health },
      { provide: Metrics, useValue: metrics },
    ],
  };
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  app = await createWebApp('test', module, log, (error) =>
    error instanceof Refusal ? new Problem(429, 'too-eager', error.message) : null,
  );
  await app.listen(0, '127.0.0.1');
});
afterEach(() => app.close());

async function get(path: string): Promise<{ status: number; type: string | null; body: string }> {
  const { port } = (app.getHttpServer() as Server).address() as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.text(),
  };
}

it('answers with health, and says why it is not ready while it is not', async () => {
  const { status, body } = await get('/health');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({ status: 'degraded', name: 'test', details: { parts: 1 } });
  expect((await get('/ready')).status).toBe(200);
  obstacle = new Problem(503, 'engine-away', 'start the engine');
  const refused = await get('/ready');
  expect([refused.status, refused.type]).toEqual([503, 'application/problem+json; charset=utf-8']);
  expect(JSON.parse(refused.body)).toEqual({
    type: 'urn:undertone:problem:engine-away',
    title: 'Service Unavailable',
    status: 503,
    code: 'engine-away',
    detail: 'start the engine',
    instance: '/ready',
  });
});

it('exports its counts, and what Node knows of memory and event loop, under its own prefix', async () => {
  const { type, body } = await get('/metrics');
  expect(type).toContain('text/plain; version=0.0.4');
  expect(body).toContain('undertone_test_depth 7\n');
  expect(body).toContain('undertone_test_refusals_total{code="late"} 3\n');
  for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
    expect(body).toMatch(new RegExp(`^undertone_test_${name} [\\d.e-]+$`, 'm'));
});

it("keeps an unexpected error's cause to itself and its log, and translates the app's own errors", async () => {
  const failed = await get('/secret');
  expect(failed.status).toBe(500);
  expect(failed.body).not.toContain('swordfish');
  expect(JSON.parse(failed.body).detail).toBe('the request failed; the log of the test says why');
  expect(logged.filter((line) => line.includes('swordfish'))).toHaveLength(1);
  const refused = await get('/refused');
  expect(refused.status).toBe(429);
  expect(JSON.parse(refused.body)).toMatchObject({
    title: 'Too Many Requests',
    code: 'too-eager',
    detail: 'ask later',
  });
});
