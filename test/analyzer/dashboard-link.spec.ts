import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { DashboardLink } from '../../apps/analyzer/src/downlink/dashboard-link.ts';
import { FakeDashboard } from './fake-dashboard.ts';

const closing: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of closing.splice(0).toReversed()) await each.close();
});

it('hands over the points of a tick at once, in their order', async () => {
  const dashboard = await FakeDashboard.open();
  const link = new DashboardLink(dashboard.url, 'analyzer-1', () => 0.5, pino({ level: 'silent' }));
  closing.push(dashboard, link);
  link.start(() => []);
  await dashboard.until((all) => all.some(({ type }) => type === 'hello'));
  const send = (speakerId: string, atMs: number) =>
    link.send({
      type: 'points',
      callId: 'call',
      speakerId,
      points: [{ atMs, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 }],
    });

  send('alone', 1);
  expect(link.bufferedBytes).toBe(0);
  link.together(() => {
    for (let n = 0; n < 20; n++) send(`speaker-${n}`, n);
    expect(link.bufferedBytes).toBeGreaterThan(20 * 100);
  });
  expect(link.bufferedBytes).toBe(0);

  await dashboard.until((all) => all.filter(({ type }) => type === 'points').length === 21);
  const speakers = dashboard.messages.flatMap((each) => (each.type === 'points' ? [each.speakerId] : []));
  expect(speakers).toEqual(['alone', ...Array.from({ length: 20 }, (_, n) => `speaker-${n}`)]);
});
