import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('an empty environment gives a dashboard for this machine only', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4300,
    historyMs: 900_000,
    joinUrl: 'http://127.0.0.1:4100/join',
    allowedOrigins: [],
  });
});

test('a wrong value stops the start with its name', () => {
  expect(() => readConfig({ DASHBOARD_PORT: 'high', HISTORY_MINUTES: '0' })).toThrow(
    /DASHBOARD_PORT: .*\nHISTORY_MINUTES: /,
  );
});

test('a join address must be a web address', () => {
  expect(() => readConfig({ JOIN_URL: 'javascript:alert(1)' })).toThrow(/JOIN_URL/);
});
