import { tmpdir } from 'node:os';
import type { EmotionPoint } from '@undertone/wire';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../apps/analyzer/src/config.ts';
import { type AnalyzerApp, createAnalyzerApp } from '../../apps/analyzer/src/create-analyzer-app.ts';
import { runnableEngines } from '../models/runnable-engines.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeDashboard } from './fake-dashboard.ts';
import { customer, FrameScript, sentence } from './spoken-frames.ts';

describe('analyzer with the model that ships', () => {
  let dashboard: FakeDashboard;
  let analyzer: AnalyzerApp;
  let bridge: FakeBridge;
  let nextStream = 1;

  beforeAll(async () => {
    dashboard = await FakeDashboard.open();
    const environment = { ANALYZER_PORT: '0', DASHBOARD_URL: dashboard.url, LOG_LEVEL: 'silent' };
    analyzer = await createAnalyzerApp(readConfig(environment));
    bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
  });
  afterAll(async () => {
    await analyzer.close();
    await dashboard.close();
  });

  /** Speaks a sentence as a new speaker and returns their points. */
  async function hear(id: string, samples: Int16Array, frameSamples: number): Promise<EmotionPoint[]> {
    const streamId = nextStream++;
    bridge.join(streamId, customer(id));
    await bridge.stream(new FrameScript(streamId).speak(samples, frameSamples));
    bridge.leave(streamId, customer(id));
    await dashboard.untilLeft(id);
    return dashboard.pointsOf(id);
  }

  it('says which engine and model it runs', async () => {
    const { body } = await supertest(analyzer.url).get('/health').expect(200);
    expect(body.details.engine).toBe('onnx-cpu');
    expect(body.details.model).toMatchObject({
      name: expect.any(String),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('hears more arousal in an angry sentence than in a neutral one', async () => {
    const angry = (await hear('angry', sentence('08a02Wc'), 320)).at(-1);
    const neutral = (await hear('neutral', sentence('11a02Nc'), 320)).at(-1);
    expect(angry?.state).toBe('speech');
    expect(angry?.arousal ?? 0).toBeGreaterThan(neutral?.arousal ?? 1);
  });

  it('gives the same points for the same audio, spoken alone or beside others, in any frames', async () => {
    const alone = await hear('alone', sentence('11b09Fd'), 320);
    const [beside] = await Promise.all([
      hear('beside', sentence('11b09Fd'), 960),
      hear('other', sentence('08a02Wc'), 640),
    ]);
    expect(beside.map(({ atMs, state }) => [atMs, state])).toEqual(
      alone.map(({ atMs, state }) => [atMs, state]),
    );
    // Batches of other sizes may round differently in the last bit of a float.
    for (const [i, point] of beside.entries()) {
      for (const [k, p] of (point.probabilities ?? []).entries()) {
        expect(Math.abs(p - (alone[i].probabilities?.[k] ?? 0))).toBeLessThanOrEqual(2e-4);
      }
    }
  });

  it('says at the start which model it can not find', async () => {
    const environment = { ANALYZER_PORT: '0', MODEL_FOLDER: `${tmpdir()}/no-such-model` };
    await expect(createAnalyzerApp(readConfig(environment))).rejects.toThrow('no-such-model');
  });

  it.each(['webgpu', 'tfjs', 'tfjs-gpu'] as const)(
    'runs it on the %s engine, and shows that, or does not start',
    { timeout: 120_000 },
    async (kind) => {
      const environment = {
        ANALYZER_PORT: '0',
        ANALYZER_ENGINE: kind,
        DASHBOARD_URL: dashboard.url,
        LOG_LEVEL: 'silent',
      };
      const runnable = await runnableEngines();
      const starting = createAnalyzerApp(readConfig(environment));
      if (!runnable.includes(kind)) {
        await expect(starting).rejects.toThrow(/choose (the onnx|another) engine/);
        return;
      }
      const other = await starting;
      const { body } = await supertest(other.url).get('/health').expect(200);
      const { text } = await supertest(other.url).get('/metrics').expect(200);
      await other.close();
      expect(body.details.engine).toMatch(new RegExp(`^${kind.split('-')[0]}-`));
      expect(body.details.model).toMatchObject({ engine: body.details.engine, precision: 'float32' });
      expect(text).toContain(`undertone_analyzer_engine_info{engine="${body.details.engine}"} 1`);
      expect(text).toContain('undertone_analyzer_precision_info{precision="float32"} 1');
    },
  );
});
