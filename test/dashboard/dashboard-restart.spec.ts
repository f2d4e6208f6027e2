import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallSnapshot } from '@undertone/wire';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';

let folder: string;
let dashboard: DashboardApp;

const start = () => startTestDashboard({ historyFile: join(folder, 'history.sqlite') });
const ana = scriptedSpeaker({ callId: 'call-1', id: 'ana' });
const points = (count: number) =>
  vi.waitFor(async () => expect((await snapshot()).speakers[0].points).toHaveLength(count), {
    timeout: 20_000,
  });
const snapshot = async () =>
  (await request(dashboard.url).get('/api/calls/call-1').expect(200)).body as CallSnapshot;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-dashboard-'));
  dashboard = await start();
});

afterEach(async () => {
  await dashboard.close();
  rmSync(folder, { recursive: true });
});

describe('a dashboard that is started again', () => {
  test('shows a live call as it was, and goes on with it', async () => {
    const atMs = Date.now() - 5_000;
    let analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await analyzer.points(ana, spokenPoint(atMs, 'angry'), spokenPoint(atMs + 200, 'angry'));
    await points(2);
    const before = await snapshot();
    await dashboard.close();

    dashboard = await start();
    expect(await snapshot()).toEqual({ ...before, seq: 0 });
    analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await analyzer.points(ana, spokenPoint(atMs + 200, 'angry'), spokenPoint(atMs + 400, 'angry'));
    await points(3);
    expect((await snapshot()).recordId).toBe(before.recordId);
    await analyzer.close();
  });

  test('has forgotten what was judged of those who withdrew their consent', async () => {
    const analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await analyzer.points(ana, spokenPoint(Date.now() - 5_000, 'angry'));
    await points(1);
    await analyzer.say({ type: 'speaker-updated', speaker: { ...ana, consent: 'withdrawn' } });
    await points(0);
    await dashboard.close();
    dashboard = await start();
    expect((await snapshot()).speakers).toMatchObject([{ speaker: { consent: 'withdrawn' }, points: [] }]);
  });

  test('says where its history is if it cannot be opened', async () => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    await expect(startTestDashboard({ historyFile: join(file, 'history.sqlite') })).rejects.toThrow(
      /can't open its history .*no-folder.*\n.*DATA_FOLDER/,
    );
  });
});
