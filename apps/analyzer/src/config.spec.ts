import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('needs no environment', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4200,
      dashboardUrl: 'ws://127.0.0.1:4300/ingest',
      engine: 'onnx',
      modelFolder: undefined,
    });
  });

  it('names every wrong variable', () => {
    const environment = { ANALYZER_PORT: '99999', ANALYZER_ENGINE: 'abacus', DASHBOARD_URL: 'http://x' };
    for (const name of Object.keys(environment)) {
      expect(() => readConfig(environment)).toThrow(name);
    }
  });
});
