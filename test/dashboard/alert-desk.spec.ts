import type { Alert } from '@undertone/wire';
import { expect, test } from 'vitest';
import { AlertDesk } from '../../apps/dashboard/src/alerts/alert-desk.ts';
import { scriptedAlert } from './scripted-alert.ts';

const numbered = (number: number, overrides: Partial<Alert> = {}): Alert =>
  scriptedAlert({
    alertId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    untilMs: 2_000,
    ...overrides,
  });

test('the desk keeps no more alerts at hand than it may, however many of before are seen to', () => {
  const kept: string[] = [];
  const outlet = {
    alertChanged: ({ alertId }: Alert) => kept.push(alertId),
    alertFired: () => {},
    alertEnded: () => {},
    alertRemoved: () => {},
  };
  const desk = new AlertDesk([], outlet, () => 3_000);
  const atHand = Array.from({ length: 1_000 }, (_, i) => numbered(i));
  desk.restore(atHand, []);
  const before = Array.from({ length: 5 }, (_, i) => numbered(2_000 + i));
  for (const alert of before) expect(desk.acknowledge(alert).acknowledgedAtMs).toBe(3_000);
  expect(kept).toEqual(before.map(({ alertId }) => alertId));
  expect(desk.alerts.toReversed()).toEqual(atHand);
  expect(desk.counts.displaced).toBe(5);
});
