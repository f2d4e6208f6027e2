import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrowserDashboard, paintedPixels } from './browser-dashboard.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';

let site: BrowserDashboard;

beforeAll(async () => {
  site = await BrowserDashboard.launch();
});
afterAll(() => site?.quit());
beforeEach(() => site.start());
afterEach(() => site.stop());

const ana = scriptedSpeaker({ callId: 'call-1', id: 'ana', name: 'Ana Ruiz' });
const ben = scriptedSpeaker({
  callId: 'call-1',
  id: 'ben',
  name: 'Ben',
  role: 'agent',
  decision: { analysed: false, reason: 'Only customers are analysed.' },
});

/** Speech of the last `seconds`, five points a second. */
async function speak(
  seconds: number,
  expression: 'angry' | 'calm',
  untilMs = Date.now(),
  speaker = ana,
): Promise<void> {
  const points = [];
  for (let atMs = untilMs - seconds * 1_000; atMs <= untilMs; atMs += 200)
    points.push(spokenPoint(atMs, expression, 0.8));
  await site.analyzer.points(speaker, ...points);
}

const fresh = (page: Page, selector: string) => page.locator(selector).first().waitFor();

describe('the call page', () => {
  test('says in words how a voice differs from what is usual for it', async () => {
    await site.analyzer.join(ana);
    await speak(10, 'angry', Date.now() - 400);
    const point = spokenPoint(Date.now(), 'angry', 0.8);
    await site.analyzer.points(ana, { ...point, change: { valence: -1.4, arousal: 2.5 } });
    const page = await site.open('/calls/call-1');
    const change = page.locator('ut-speaker-reading .change');
    await expect
      .poll(() => change.textContent())
      .toBe('For this voice: much more excited, less pleasant than usual');
    expect(await change.getAttribute('title')).toContain('Valence −1.40, arousal +2.50 standard deviations');
    // Before there is a normal nothing is said of it.
    await site.analyzer.points(ana, spokenPoint(Date.now() + 200, 'angry', 0.8));
    await change.waitFor({ state: 'detached' });
    expect(site.complaints).toEqual([]);
  });

  test('moves as points arrive, reads what is under the pointer, and follows again when told', async () => {
    await site.analyzer.join(ana);
    await site.analyzer.join(ben);
    await speak(50, 'calm', Date.now() - 5_000);
    const page = await site.open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-points="251"]');
    const before = await paintedPixels(page, 'ut-expression-lane');
    expect(before).toBeGreaterThan(1_000);
    await speak(4, 'angry');
    await fresh(page, 'ut-speaker-row[data-points="272"]');
    const row = page.getByRole('region', { name: 'Ana Ruiz' });
    await row.getByText('80% confidence, now').waitFor();
    await row.locator('.word', { hasText: 'Angry' }).waitFor();
    await page.getByText('Not analysed. Only customers are analysed.').waitFor();

    const lane = (await page.locator('ut-expression-lane').boundingBox())!;
    await page.mouse.move(lane.x + lane.width * 0.75, lane.y + 40);
    await row.getByText(/80% confidence, \d\d:\d\d:\d\d/).waitFor();
    await row.locator('.word', { hasText: 'Calm' }).waitFor();

    await page.mouse.down();
    await page.mouse.move(lane.x + lane.width * 0.9, lane.y + 40, { steps: 4 });
    await page.mouse.up();
    const jump = page.getByRole('button', { name: 'Jump to live' });
    await jump.click();
    await page.getByText('Following live').waitFor();
    await page.keyboard.press('ArrowLeft');
    await jump.waitFor();
    await page.keyboard.press('End');
    await page.getByText('Following live').waitFor();

    await page.getByText('This stretch as a table').click();
    await page.getByRole('cell', { name: 'Angry' }).waitFor();
    expect(site.complaints).toEqual([]);
  });

  test('takes a new snapshot when a delta is lost on the way', async () => {
    await site.analyzer.join(ana);
    await speak(2, 'calm', Date.now() - 3_000);
    let toLose = 0;
    const page = await site.open('/calls/call-1', {}, (opened) =>
      opened.routeWebSocket(/socket\.io/, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => {
          if (toLose > 0 && message.includes('call-delta')) toLose--;
          else socket.send(message);
        });
      }),
    );
    await fresh(page, 'main[data-snapshots="1"] ut-speaker-row[data-points="11"]');
    toLose = 1;
    await site.analyzer.points(ana, spokenPoint(Date.now() - 2_000, 'angry'));
    await expect.poll(() => toLose).toBe(0);
    await site.analyzer.points(ana, spokenPoint(Date.now() - 1_000, 'angry'));
    await fresh(page, 'main[data-snapshots="2"] ut-speaker-row[data-points="13"]');
  });

  test('says so when the dashboard restarts, recovers by itself and keeps what it had', async () => {
    await site.analyzer.join(ana);
    await speak(10, 'calm', Date.now() - 2_000);
    const page = await site.open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-points="51"]');

    const { port } = new URL(site.dashboard.url);
    await site.dashboard.close();
    await page.getByText('The connection to the dashboard is lost.').waitFor();
    expect(await page.locator('ut-speaker-row').count()).toBe(1);

    site.dashboard = await startTestDashboard({ webFolder: site.webFolder, port: Number(port) });
    await page.getByText('The dashboard was restarted.').waitFor();
    await site.analyzer.close();
    site.analyzer = await FakeAnalyzer.connect(site.dashboard.url);
    await site.analyzer.join(ana);
    await site.analyzer.points(ana, spokenPoint(Date.now(), 'angry'));
    await fresh(page, 'ut-speaker-row[data-points="52"]');
    await expect.poll(() => page.locator('ut-notice').count()).toBe(0);
  });

  test('shows the end of a call, and who left before', async () => {
    await site.analyzer.join(ana);
    const cleo = scriptedSpeaker({ callId: 'call-1', id: 'cleo', name: 'Cleo' });
    await site.analyzer.join(cleo);
    await speak(3, 'calm');
    const page = await site.open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-speaker-id="cleo"]');
    await site.analyzer.leave(cleo);
    await fresh(page, 'ut-speaker-row[data-speaker-id="cleo"][left]');
    await site.analyzer.leave(ana);
    await page.getByText(/The call ended at/).waitFor();
    await page.getByText('At the end of the call').waitFor();
  });

  test('appears by itself when the call that was asked for begins', async () => {
    const page = await site.open('/calls/call-1');
    await page.getByRole('heading', { name: 'There is no call call-1' }).waitFor();
    await site.analyzer.join(ana);
    await fresh(page, 'ut-speaker-row');
  });

  test('loads what was before, as one looks back', async () => {
    await site.stop();
    await site.start({ historyMs: 60_000 });
    const now = Date.now();
    const early = scriptedSpeaker({
      callId: 'call-1',
      id: 'ana',
      name: 'Ana Ruiz',
      joinedAtMs: now - 1_500_000,
    });
    await site.analyzer.join(early);
    // Far apart, but not so far that there is nothing between them.
    const all = Array.from({ length: 780 }, (_, i) => spokenPoint(now - (779 - i) * 1_900, 'calm'));
    for (let i = 0; i < all.length; i += 200) await site.analyzer.points(early, ...all.slice(i, i + 200));
    const kept = async () => {
      const [{ recordId }] = await (await fetch(`${site.dashboard.url}/api/calls`)).json();
      const path = `/api/history/${recordId}/speakers/ana/points?limit=5000`;
      return (await (await fetch(site.dashboard.url + path)).json()).points.length;
    };
    await expect.poll(kept, { timeout: 20_000 }).toBe(all.length);
    const page = await site.open('/calls/call-1');
    const points = () => page.locator('ut-speaker-row').getAttribute('data-points').then(Number);
    await fresh(page, 'ut-speaker-row');
    // The socket brings a minute; what else is shown comes from the history, and ten minutes with it.
    await expect.poll(points, { timeout: 20_000 }).toBeGreaterThan(300);
    expect(await points()).toBeLessThan(400);
    for (let i = 0; i < 14; i++) await page.keyboard.press('PageUp');
    await expect.poll(points, { timeout: 20_000 }).toBe(all.length);
    const painted = await paintedPixels(page, 'ut-expression-lane');
    expect(painted).toBeGreaterThan(1_000);
    expect(site.complaints).toEqual([]);
  });

  test('marks where voices speak at once and where for long nobody does', async () => {
    const cleo = scriptedSpeaker({ callId: 'call-1', id: 'cleo', name: 'Cleo' });
    const now = Date.now();
    for (const voice of [ana, cleo]) {
      await site.analyzer.join(voice);
      await speak(3, 'calm', now - 20_000, voice);
      const pause = Array.from({ length: 60 }, (_, i) => silentPoint(now - 19_800 + i * 200));
      await site.analyzer.points(voice, ...pause);
    }
    await speak(1, 'angry', now - 5_000);
    const page = await site.open('/calls/call-1');
    await page.getByRole('img', { name: 'In the time shown: 1 talk-over, 1 long silence' }).waitFor();
    await expect.poll(() => paintedPixels(page, 'ut-conversation-lane')).toBeGreaterThan(200);
    await page.getByText('This stretch as a table').click();
    await page.getByRole('cell', { name: 'Talk-over, 3.2 s' }).waitFor();
    await page.getByRole('cell', { name: 'Long silence, 12 s' }).waitFor();
  });

  test('is read with the keyboard, moment by moment', async () => {
    await site.analyzer.join(ana);
    await speak(30, 'calm', Date.now() - 1_000);
    const page = await site.open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-points="151"]');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page
      .getByRole('status')
      .filter({ hasText: /\d\d:\d\d:\d\d, Ana Ruiz Calm 80%/ })
      .waitFor({ state: 'attached' });
    await page.getByText(/80% confidence, \d\d:\d\d:\d\d/).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.crosshair').waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/calls/call-1');
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/');
  });

  test('draws a voice against its own normal as soon as that is known', async () => {
    await site.analyzer.join(ana);
    await speak(5, 'calm', Date.now() - 5_000);
    const page = await site.open('/calls/call-1');
    await fresh(page, 'ut-speaker-row');
    expect(await page.locator('ut-change-lane').count()).toBe(0);
    const now = Date.now();
    const changed = [4, 3, 2, 1].map((ago) => ({
      ...spokenPoint(now - ago * 200, 'angry', 0.8),
      change: { valence: -ago, arousal: 1 },
    }));
    await site.analyzer.points(ana, ...changed);
    await fresh(page, 'ut-change-lane');
    await expect.poll(() => paintedPixels(page, 'ut-change-lane')).toBeGreaterThan(200);
  });

  test('shows an alert with its evidence, and keeps what somebody does about it', async () => {
    await site.analyzer.join(ana);
    await speak(20, 'angry');
    const page = await site.open('/calls/call-1');
    const alert = page.locator('li[data-alert-id].open').filter({ hasText: 'Sounds angry' });
    await alert.getByText(/^Critical · Ana Ruiz · since \d\d:\d\d:\d\d$/).waitFor();
    await alert.getByLabel('Note').fill('called back');
    await alert.getByRole('button', { name: 'Add note' }).click();
    await alert.getByText(/called back/).waitFor();
    await alert.getByRole('button', { name: 'Show evidence' }).click();
    await alert.getByRole('button', { name: 'Acknowledge' }).click();
    await page
      .getByText(/acknowledged at \d\d:\d\d:\d\d/)
      .first()
      .waitFor();

    await page.getByRole('link', { name: 'All calls', exact: true }).click();
    await fresh(page, 'ut-wall-ribbon');
    const open = async (): Promise<string[]> =>
      (await (await fetch(`${site.dashboard.url}/api/alerts?open=true`)).json()).alerts.map(
        (each: { ruleId: string }) => each.ruleId,
      );
    expect(await open()).not.toContain('sounds-angry');
    expect(site.complaints).toEqual([]);
  });
});
