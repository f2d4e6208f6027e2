import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('needs no environment', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4200,
      dashboardUrl: 'ws://127.0.0.1:4300/ingest',
      engine: 'onnx',
      precision: 'float32',
      modelFolder: undefined,
    });
  });

  it('names every wrong variable', () => {
    const environment = { ANALYZER_PORT: '99999', ANALYZER_ENGINE: 'abacus', DASHBOARD_URL: 'http://x' };
    for (const name of Object.keys(environment)) {
      expect(() => readConfig(environment)).toThrow(name);
    }
  });

  it('runs compressed weights on the engine that knows them', () => {
    expect(readConfig({ ANALYZER_PRECISION: 'int8' }).precision).toBe('int8');
    for (const engine of ['tfjs', 'tfjs-gpu', 'webgpu']) {
      expect(readConfig({ ANALYZER_ENGINE: engine }).engine).toBe(engine);
      expect(() => readConfig({ ANALYZER_PRECISION: 'int8', ANALYZER_ENGINE: engine })).toThrow(
        'ANALYZER_PRECISION: only the onnx engine',
      );
    }
  });
});
