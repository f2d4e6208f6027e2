import { describe, expect, it } from 'vitest';
import { planUndertone } from './plan.ts';

const withDemo = { demo: true, profile: null };
const withoutDemo = { demo: false, profile: null };

describe('planUndertone', () => {
  it('listens and dials on this machine alone unless told otherwise', () => {
    const plan = planUndertone({}, withDemo);
    expect(plan.dashboardUrl).toBe('http://127.0.0.1:4300/');
    expect(plan.joinUrl).toBe('http://127.0.0.1:4100/join');
    expect(plan.apps.map(({ readyUrl }) => readyUrl)).toEqual([
      'http://127.0.0.1:4300/ready',
      'http://127.0.0.1:4200/ready',
      'http://127.0.0.1:4100/ready',
    ]);
  });

  it('lets every part dial the ports that the environment sets', () => {
    const env = { ANALYZER_PORT: '5200', DASHBOARD_PORT: '5300', BRIDGE_PORT: '5100' };
    const plan = planUndertone(env, withDemo);
    for (const app of plan.apps) {
      expect(app.env).toMatchObject({
        ANALYZER_URL: 'ws://127.0.0.1:5200/ingest',
        DASHBOARD_URL: 'ws://127.0.0.1:5300/ingest',
        JOIN_URL: 'http://127.0.0.1:5100/join',
      });
    }
    expect(plan.demoCall?.args).toContain('http://127.0.0.1:5100');
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:4300/'],
    ['::', 'http://127.0.0.1:4300/'],
    ['::1', 'http://[::1]:4300/'],
    ['192.0.2.7', 'http://192.0.2.7:4300/'],
  ])('dials an address that reaches HOST=%s', (HOST, dashboardUrl) => {
    expect(planUndertone({ HOST }, withDemo).dashboardUrl).toBe(dashboardUrl);
  });

  it('analyses everyone who consents only when the demo call plays', () => {
    const profile = (env: NodeJS.ProcessEnv, options: Parameters<typeof planUndertone>[1]) =>
      planUndertone(env, options).apps[0]?.env.ANALYSIS_PROFILE;
    expect(profile({}, withDemo)).toBe('demo');
    expect(profile({}, withoutDemo)).toBe('customer-only');
    expect(profile({ ANALYSIS_PROFILE: 'customer-only' }, withDemo)).toBe('customer-only');
    expect(profile({ ANALYSIS_PROFILE: 'customer-only' }, { demo: false, profile: 'demo' })).toBe('demo');
  });

  it('has no demo call when none is wanted', () => {
    expect(planUndertone({}, withoutDemo).demoCall).toBeNull();
  });
});
