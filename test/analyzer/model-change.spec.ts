import { symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pretrainedFolder } from '@undertone/models';
import type { PcmFrame } from '@undertone/wire';
import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../apps/analyzer/src/config.ts';
import { type AnalyzerApp, createAnalyzerApp } from '../../apps/analyzer/src/create-analyzer-app.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeDashboard } from './fake-dashboard.ts';
import { ModelFolders } from './model-folders.ts';
import { customer, epochMs, FrameScript, sentence } from './spoken-frames.ts';

const token = 'a-token-of-the-tests';
let folders: ModelFolders;
let dashboard: FakeDashboard;
let analyzer: AnalyzerApp;

beforeAll(async () => {
  folders = await ModelFolders.write();
});
afterAll(() => folders.remove());
beforeEach(async () => {
  dashboard = await FakeDashboard.open();
});
afterEach(async () => {
  await analyzer.close();
  await dashboard.close();
});

async function start(environment: Record<string, string | undefined> = {}): Promise<FakeBridge> {
  const config = {
    ANALYZER_PORT: '0',
    DASHBOARD_URL: dashboard.url,
    LOG_LEVEL: 'silent',
    MODEL_ROOT: folders.root,
    ANALYZER_ADMIN_TOKEN: token,
    ...environment,
  };
  analyzer = await createAnalyzerApp(readConfig(config));
  const bridge = await FakeBridge.connect(analyzer.url);
  await bridge.greet();
  return bridge;
}

const post = (path: string, folder: unknown, precision?: string) =>
  supertest(analyzer.url).post(path).set('authorization', `Bearer ${token}`).send({ folder, precision });
const details = async () => (await supertest(analyzer.url).get('/health').expect(200)).body.details;
const metric = async (name: string) => {
  const { text } = await supertest(analyzer.url).get('/metrics').expect(200);
  return Number(text.match(new RegExp(`^undertone_analyzer_${name} (.*)$`, 'm'))?.[1]);
};

/** About 2 · `times` s without a pause. */
const speech = (script: FrameScript, times: number): PcmFrame[] =>
  Array.from({ length: times }, () => script.speak(sentence('11b09Fd').subarray(0, 32_000))).flat();

/** Frames of all speakers, taking turns. */
const together = (all: PcmFrame[][]): PcmFrame[] => all[0].flatMap((_, i) => all.map((frames) => frames[i]));

const everyTime = (seconds: number) => Array.from({ length: 5 * seconds }, (_, i) => epochMs + 200 * (i + 1));

describe('another model', () => {
  it.each(['turned', 'small'])(
    '(%s) takes over while several speak, and no point is lost or made twice',
    async (name) => {
      const bridge = await start();
      const ids = ['a', 'b', 'c', 'd'];
      for (const [i, id] of ids.entries()) bridge.join(i, customer(id));
      const frames = together(ids.map((_, i) => speech(new FrameScript(i), 6)));
      const before = await details();
      await bridge.stream(frames.slice(0, frames.length / 3));
      await dashboard.until(() => dashboard.pointsOf('a').length >= 5);
      // supertest sends when it is awaited or, as here, asked for a promise.
      const changed = post('/model', name).expect(200).then();
      await bridge.stream(frames.slice(frames.length / 3));
      const { body } = await changed;
      for (const [i, id] of ids.entries()) bridge.leave(i, customer(id));
      for (const id of ids) await dashboard.untilLeft(id);

      for (const id of ids) expect(dashboard.pointsOf(id).map((point) => point.atMs)).toEqual(everyTime(12));
      const { model } = await details();
      expect(model).toEqual(body.model);
      expect(model).toMatchObject({ name, handingOver: 0, engine: 'onnx-cpu' });
      expect(model.sha256).not.toBe(before.model.sha256);
      expect(await metric('model_changes_total')).toBe(1);
      expect(await metric('engine_failures_total')).toBe(0);
      expect(await metric('forgotten_speakers_total')).toBe(0);
      expect(await metric(`model_info{sha256="${model.sha256}"}`)).toBe(1);
    },
  );

  it('goes on from what was heard, instead of beginning with nothing', async () => {
    const bridge = await start();
    const say = async (id: string, streamId: number, at: () => Promise<unknown>) => {
      bridge.join(streamId, customer(id));
      const frames = speech(new FrameScript(streamId), 2);
      await bridge.stream(frames.slice(0, 110));
      await dashboard.until(() => dashboard.pointsOf(id).length === 11);
      await at();
      await bridge.stream(frames.slice(110));
      bridge.leave(streamId, customer(id));
      await dashboard.untilLeft(id);
      return dashboard.pointsOf(id);
    };
    const undisturbed = await say('undisturbed', 1, async () => {});
    const changed = await say('changed', 2, () => post('/model', 'same').expect(200));
    expect(changed.map((point) => [point.atMs, point.state])).toEqual(
      undisturbed.map((point) => [point.atMs, point.state]),
    );
    expect(changed.slice(0, 11)).toEqual(undisturbed.slice(0, 11));
    for (const [i, { arousal, probabilities }] of changed.entries()) {
      const p = undisturbed[i].probabilities ?? [];
      const difference = p.reduce((sum, share, k) => sum + Math.abs(share - (probabilities?.[k] ?? 0)), 0);
      // Less than three seconds in, all that was said is heard again: nothing at all is lost.
      expect(difference / 2).toBeLessThan(0.001);
      expect(Math.abs((arousal ?? 0) - (undisturbed[i].arousal ?? 0))).toBeLessThan(0.001);
    }
  });

  it('is refused with a reason, and the model before serves on, where it is broken or out of bounds', async () => {
    const bridge = await start();
    await symlink(pretrainedFolder, join(folders.root, 'outward')).catch(() => {});
    const before = (await details()).model;
    bridge.join(1, customer('mara'));
    const frames = speech(new FrameScript(1), 1);
    await bridge.stream(frames.slice(0, 50));
    for (const [folder, status, code] of [
      ['damaged', 422, 'hash-mismatch'],
      ['misshapen', 422, 'shape-mismatch'],
      ['unheard', 422, 'feature-spec-unsupported'],
      ['.', 403, 'model-folder-refused'],
      ['..', 403, 'model-folder-refused'],
      ['../../../etc', 403, 'model-folder-refused'],
      [tmpdir(), 403, 'model-folder-refused'],
      [pretrainedFolder, 403, 'model-folder-refused'],
      ['outward', 403, 'model-folder-refused'],
      ['nothing', 403, 'model-folder-refused'],
      ['', 400, 'folder-missing'],
      [7, 400, 'folder-missing'],
    ] as const) {
      for (const path of ['/model', '/model/shadow']) {
        const response = await post(path, folder).expect(status);
        expect(JSON.parse(response.text)).toMatchObject({ code, status });
      }
    }
    await bridge.stream(frames.slice(50));
    bridge.leave(1, customer('mara'));
    await dashboard.untilLeft('mara');
    expect(dashboard.pointsOf('mara').map((point) => point.atMs)).toEqual(everyTime(2));
    expect((await details()).model).toEqual(before);
    expect((await details()).shadow).toBeNull();
    expect(await metric('model_refusals_total')).toBe(20);
    expect(await metric('model_changes_total')).toBe(0);
  });

  it('can be chosen with compressed weights, if it has them', async () => {
    await start();
    await post('/model', 'same', 'int8').expect(200);
    expect((await details()).model).toMatchObject({ name: 'same', precision: 'int8' });
    expect(await metric('precision_info{precision="int8"}')).toBe(1);
    for (const [folder, precision, status, code] of [
      ['uncompressed', 'int8', 422, 'precision-unavailable'],
      ['same', 'int3', 400, 'precision-unknown'],
    ] as const) {
      const { text } = await post('/model', folder, precision).expect(status);
      expect(JSON.parse(text)).toMatchObject({ code });
    }
    // As configured: float32.
    await post('/model', 'uncompressed').expect(200);
    expect((await details()).model).toMatchObject({ name: 'uncompressed', precision: 'float32' });
  });

  it('stops the start where the configured weights are missing', async () => {
    await start();
    const environment = { MODEL_FOLDER: join(folders.root, 'uncompressed'), ANALYZER_PRECISION: 'float16' };
    await expect(createAnalyzerApp(readConfig(environment))).rejects.toThrow(
      /has no float16 weights.*npm run compress/,
    );
  });

  it('can be chosen only with the token, and by nobody where none is configured', async () => {
    await start();
    const request = (path = '/model') => supertest(analyzer.url).post(path).send({ folder: 'same' });
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${token}`]) {
      const { text } = await request().set('authorization', authorization).expect(401);
      expect(JSON.parse(text).code).toBe('token-required');
    }
    await analyzer.close();
    await start({ ANALYZER_ADMIN_TOKEN: undefined });
    for (const sent of [post('/model', 'same'), post('/model/shadow', 'same')]) {
      const problem = JSON.parse((await sent.expect(403)).text);
      expect(problem).toMatchObject({
        code: 'model-changes-disabled',
        detail: expect.stringContaining('ANALYZER_ADMIN_TOKEN'),
      });
    }
    await supertest(analyzer.url).delete('/model/shadow').expect(403);
  });

  it('is not taken while another change goes on', async () => {
    await start();
    const answers = await Promise.all([post('/model', 'same').then(), post('/model', 'turned').then()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('a candidate in the shadow', () => {
  it('is compared with the model that serves while calls run', async () => {
    const bridge = await start();
    const answer = await post('/model/shadow', 'turned').expect(200);
    expect(answer.body.shadow).toMatchObject({ name: 'turned', points: 0, agreement: null });
    bridge.join(1, customer('mara'));
    const frames = speech(new FrameScript(1), 30);
    // As fast as the points come, so that the candidate has the time that it has in a call.
    for (let point = 0; (await details()).shadow.points === 0; point++) {
      await bridge.stream(frames.slice(10 * point, 10 * (point + 1)));
      await dashboard.until(() => dashboard.pointsOf('mara').length > point);
    }
    const { shadow, model } = await details();
    expect(model.name).not.toBe('turned');
    expect(shadow.points).toBeGreaterThan(0);
    expect(shadow.engineMsPerStep).toBeGreaterThan(0);
    expect(await metric('shadow{of="agreement"}')).toBe(shadow.agreement);
    expect(await metric('shadow_present')).toBe(1);
    await supertest(analyzer.url).delete('/model/shadow').set('authorization', `Bearer ${token}`).expect(204);
    expect((await details()).shadow).toBeNull();
    expect(await metric('shadow_present')).toBe(0);
  });

  it('can be the model that serves, in fewer bits', async () => {
    const bridge = await start();
    await post('/model/shadow', 'same', 'int8').expect(200);
    bridge.join(1, customer('mara'));
    const frames = speech(new FrameScript(1), 30);
    for (let point = 0; (await details()).shadow.points < 3; point++) {
      await bridge.stream(frames.slice(10 * point, 10 * (point + 1)));
      await dashboard.until(() => dashboard.pointsOf('mara').length > point);
    }
    const { shadow } = await details();
    expect(shadow).toMatchObject({ name: 'same', precision: 'int8' });
    expect(shadow.probabilityDifference).toBeGreaterThan(0);
    expect(shadow.probabilityDifference).toBeLessThan(0.01);
  });

  it('gives way when it takes over', async () => {
    await start();
    await post('/model/shadow', 'turned').expect(200);
    await post('/model', 'turned').expect(200);
    expect(await details()).toMatchObject({ shadow: null, model: { name: 'turned' } });
  });
});

describe('drift', () => {
  async function heard(environment: Record<string, string> = {}) {
    const bridge = await start(environment);
    bridge.join(1, customer('mara'));
    await bridge.stream(speech(new FrameScript(1), 9));
    bridge.leave(1, customer('mara'));
    await dashboard.untilLeft('mara');
    return (await details()).drift;
  }

  it('shows where speech is far from what the model was trained on', async () => {
    const drift = await heard({ MODEL_FOLDER: join(folders.root, 'elsewhere') });
    expect(drift.drifting).toBe(true);
    expect(drift.featureShift).toBeGreaterThan(4);
    expect(await metric('drifting')).toBe(1);
  });

  it('is silent about speech like that of the training, and shows what was heard in it', async () => {
    const drift = await heard();
    expect(drift).toMatchObject({ drifting: false, stabilityIndex: null });
    expect(drift.featureShift).toBeGreaterThan(0);
    const shares = Object.values(drift.expressions as Record<string, number>);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    expect(await metric('drifting')).toBe(0);
  });
});
