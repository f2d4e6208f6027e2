import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expressions } from '@undertone/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../apps/analyzer/src/config.ts';
import { type AnalyzerApp, createAnalyzerApp } from '../../apps/analyzer/src/create-analyzer-app.ts';
import { writeModel } from '../../libs/models/src/export/write-model.ts';
import { everyFeature, smallModel } from '../models/small-model.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeDashboard } from './fake-dashboard.ts';
import { customer, FrameScript, sentence } from './spoken-frames.ts';

describe('analyzer with a model of every frame feature', () => {
  let folder: string;
  let dashboard: FakeDashboard;
  let analyzer: AnalyzerApp;
  let bridge: FakeBridge;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'every-feature-'));
    const model = join(folder, 'model');
    await writeModel(model, smallModel(1, {}, undefined, everyFeature).files);
    dashboard = await FakeDashboard.open();
    analyzer = await createAnalyzerApp(
      readConfig({
        ANALYZER_PORT: '0',
        DASHBOARD_URL: dashboard.url,
        LOG_LEVEL: 'silent',
        MODEL_FOLDER: model,
      }),
    );
    bridge = await FakeBridge.connect(analyzer.url);
    await bridge.greet();
  });
  afterAll(async () => {
    await analyzer.close();
    await dashboard.close();
    await rm(folder, { recursive: true });
  });

  async function hear(id: string, streamId: number, samples: Int16Array, frameSamples: number) {
    bridge.join(streamId, customer(id));
    await bridge.stream(new FrameScript(streamId).speak(samples, frameSamples));
    bridge.leave(streamId, customer(id));
    await dashboard.untilLeft(id);
    return dashboard.pointsOf(id);
  }

  it('makes points of speech, the same whatever the frames', async () => {
    const points = await hear('one', 1, sentence('08a02Wc'), 320);
    const spoken = points.filter(({ state }) => state === 'speech');
    expect(spoken.length).toBeGreaterThan(3);
    for (const { probabilities } of spoken) {
      expect(probabilities).toHaveLength(expressions.length);
      expect(probabilities?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 2);
    }
    expect(await hear('two', 2, sentence('08a02Wc'), 700)).toEqual(
      points.map((point) =>
        expect.objectContaining({ state: point.state, probabilities: point.probabilities }),
      ),
    );
  });

  it('hears another sentence otherwise', async () => {
    const [one, other] = [
      await hear('three', 3, sentence('08a02Wc'), 320),
      await hear('four', 4, sentence('11a02Nc'), 320),
    ];
    expect(other.at(-1)?.probabilities).not.toEqual(one.at(-1)?.probabilities);
  });
});
