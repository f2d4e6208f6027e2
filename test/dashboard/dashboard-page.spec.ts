import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { launchChromium } from '../e2e/chromium.ts';
import { buildWebPage } from '../e2e/web-page.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedConversations } from './scripted-conversation.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';

let browser: Browser;
let webFolder: string;
let dashboard: DashboardApp;
let analyzer: FakeAnalyzer;
let complaints: string[];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  [browser, webFolder] = await Promise.all([launchChromium('none'), buildWebPage('apps/dashboard')]);
});

afterAll(async () => {
  await browser?.close();
  if (webFolder) await rm(webFolder, { recursive: true, force: true });
});

beforeEach(async () => {
  complaints = [];
  dashboard = await startTestDashboard({ webFolder });
  analyzer = await FakeAnalyzer.connect(dashboard.url);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await analyzer.close();
  await dashboard.close();
});

/** Opens a page that writes down every error and every breach of the content security policy. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  closing.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('WebSocket')) complaints.push(message.text());
  });
  await page.goto(`${dashboard.url}${path}`);
  return page;
}

const ana = scriptedSpeaker({ callId: 'call-1', id: 'ana', name: 'Ana Ruiz' });
const ben = scriptedSpeaker({
  callId: 'call-1',
  id: 'ben',
  name: 'Ben',
  role: 'agent',
  decision: { analysed: false, reason: 'Only customers are analysed.' },
});

/** Speech of the last `seconds`, five points a second. */
async function speak(seconds: number, expression: 'angry' | 'calm', untilMs = Date.now()): Promise<void> {
  const points = [];
  for (let atMs = untilMs - seconds * 1_000; atMs <= untilMs; atMs += 200)
    points.push(spokenPoint(atMs, expression, 0.8));
  await analyzer.points(ana, ...points);
}

/** How many device pixels of the first canvas in `selector` are painted. */
const paintedPixels = (page: Page, selector: string) =>
  page
    .locator(`${selector} canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) painted++;
      return painted;
    });

const fresh = (page: Page, selector: string) => page.locator(selector).first().waitFor();

describe('the wall', () => {
  test('shows who sounds like what, and says when nobody speaks', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'No live calls' }).waitFor();
    expect(await page.getByRole('link', { name: 'Start a call' }).getAttribute('href')).toContain('/join');

    await analyzer.join(ana);
    await analyzer.join(ben);
    await speak(20, 'angry');
    await page.locator('[data-speaker-id="ana"][data-expression="angry"]').waitFor();
    const card = page.getByRole('link', {
      name: /^Call call-1.*Angry 80% Ana Ruiz · customer.*last two minutes mostly angry/,
    });
    await card.waitFor();
    expect(await page.locator('[data-speaker-id="ben"]').textContent()).toContain(
      'Only customers are analysed.',
    );
    await expect.poll(() => paintedPixels(page, 'ut-wall-ribbon')).toBeGreaterThan(200);

    await analyzer.points(ana, silentPoint(Date.now() + 400));
    await page.locator('[data-speaker-id="ana"][data-state="silence"]').waitFor();
    expect(await page.locator('[data-speaker-id="ana"]').textContent()).toMatch(/Silence\s+after angry/);

    await analyzer.leave(ben);
    await page.locator('[data-speaker-id="ben"]').waitFor({ state: 'detached' });
    await analyzer.leave(ana);
    await page.getByRole('heading', { name: 'No live calls' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('is walked with the keyboard, into a call and back to its card', async () => {
    const joinedAtMs = Date.now();
    for (let i = 0; i < 6; i++)
      await analyzer.join(
        scriptedSpeaker({ callId: `call-${i}`, id: 'ana', joinedAtMs: joinedAtMs - i * 1_000 }),
      );
    const page = await open('/');
    await fresh(page, 'ut-call-card[call-id="call-5"]');
    const focused = () =>
      page.evaluate(() => {
        const wall = document.querySelector('ut-app')?.shadowRoot?.querySelector('ut-wall');
        return wall?.shadowRoot?.querySelector('ut-call-card:focus-within')?.getAttribute('call-id') ?? null;
      });
    await page.locator('ut-call-card[call-id="call-0"] a').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('call-1');
    await page.keyboard.press('End');
    expect(await focused()).toBe('call-5');
    await page.keyboard.press('ArrowUp');
    const above = await focused();
    expect(above).not.toBe('call-5');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: above! }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/calls/${above}`);
    await page.keyboard.press('Escape');
    await fresh(page, 'ut-call-card');
    await expect.poll(focused).toBe(above);
  });

  test('says when the analyzer is gone, and goes on when it is back', async () => {
    await analyzer.join(ana);
    await speak(5, 'calm');
    const page = await open('/');
    await page.locator('[data-speaker-id="ana"][data-expression="calm"]').waitFor();
    await analyzer.close();
    await page.getByText('The analyzer is not connected.').waitFor();
    await fresh(page, 'ut-call-card[stale]');
    analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await speak(1, 'angry');
    await page.locator('[data-speaker-id="ana"][data-expression="angry"]').waitFor();
    expect(await page.getByText('The analyzer is not connected.').count()).toBe(0);
  });

  test('remembers the theme that was chosen', async () => {
    const page = await open('/', { colorScheme: 'light' });
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    expect(await scheme()).toBe('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Switch to the light theme' }).waitFor();
    expect(await scheme()).toBe('dark');
  });

  test('fits a telephone', async () => {
    for (const talk of scriptedConversations(3, Date.now())) await talk.join(analyzer);
    const page = await open('/', { viewport: { width: 360, height: 700 } });
    await fresh(page, 'ut-call-card');
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await page.locator('ut-call-card a').first().click();
    await fresh(page, 'ut-speaker-row');
    expect(await overflow()).toBe(0);
  });
});

describe('the call page', () => {
  test('says in words how a voice differs from what is usual for it', async () => {
    await analyzer.join(ana);
    await speak(10, 'angry', Date.now() - 400);
    const point = spokenPoint(Date.now(), 'angry', 0.8);
    await analyzer.points(ana, { ...point, change: { valence: -1.4, arousal: 2.5 } });
    const page = await open('/calls/call-1');
    const change = page.locator('ut-speaker-reading .change');
    await expect
      .poll(() => change.textContent())
      .toBe('For this voice: much more excited, less pleasant than usual');
    expect(await change.getAttribute('title')).toContain('Valence −1.40, arousal +2.50 standard deviations');
    // Before there is a normal nothing is said of it.
    await analyzer.points(ana, spokenPoint(Date.now() + 200, 'angry', 0.8));
    await change.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('moves as points arrive, reads what is under the pointer, and follows again when told', async () => {
    await analyzer.join(ana);
    await analyzer.join(ben);
    await speak(50, 'calm', Date.now() - 5_000);
    const page = await open('/calls/call-1');
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
    expect(complaints).toEqual([]);
  });

  test('takes a new snapshot when a delta is lost on the way', async () => {
    await analyzer.join(ana);
    await speak(2, 'calm', Date.now() - 3_000);
    const context = await browser.newContext();
    closing.push(() => context.close());
    const page = await context.newPage();
    let toLose = 0;
    await page.routeWebSocket(/socket\.io/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (toLose > 0 && message.includes('call-delta')) toLose--;
        else socket.send(message);
      });
    });
    await page.goto(`${dashboard.url}/calls/call-1`);
    await fresh(page, 'main[data-snapshots="1"] ut-speaker-row[data-points="11"]');
    toLose = 1;
    await analyzer.points(ana, spokenPoint(Date.now() - 2_000, 'angry'));
    await expect.poll(() => toLose).toBe(0);
    await analyzer.points(ana, spokenPoint(Date.now() - 1_000, 'angry'));
    await fresh(page, 'main[data-snapshots="2"] ut-speaker-row[data-points="13"]');
  });

  test('says so when the dashboard restarts, recovers by itself and keeps what it had', async () => {
    await analyzer.join(ana);
    await speak(10, 'calm', Date.now() - 2_000);
    const page = await open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-points="51"]');

    const { port } = new URL(dashboard.url);
    await dashboard.close();
    await page.getByText('The connection to the dashboard is lost.').waitFor();
    expect(await page.locator('ut-speaker-row').count()).toBe(1);

    dashboard = await startTestDashboard({ webFolder, port: Number(port) });
    await page.getByText('The dashboard was restarted.').waitFor();
    await analyzer.close();
    analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await analyzer.points(ana, spokenPoint(Date.now(), 'angry'));
    await fresh(page, 'ut-speaker-row[data-points="52"]');
    await expect.poll(() => page.locator('ut-notice').count()).toBe(0);
  });

  test('shows the end of a call, and who left before', async () => {
    await analyzer.join(ana);
    const cleo = scriptedSpeaker({ callId: 'call-1', id: 'cleo', name: 'Cleo' });
    await analyzer.join(cleo);
    await speak(3, 'calm');
    const page = await open('/calls/call-1');
    await fresh(page, 'ut-speaker-row[data-speaker-id="cleo"]');
    await analyzer.leave(cleo);
    await fresh(page, 'ut-speaker-row[data-speaker-id="cleo"][left]');
    await analyzer.leave(ana);
    await page.getByText(/The call ended at/).waitFor();
    await page.getByText('At the end of the call').waitFor();
  });

  test('appears by itself when the call that was asked for begins', async () => {
    const page = await open('/calls/call-1');
    await page.getByRole('heading', { name: 'There is no call call-1' }).waitFor();
    await analyzer.join(ana);
    await fresh(page, 'ut-speaker-row');
  });
});

describe.each(['light', 'dark'] as const)('accessibility in the %s theme', (colorScheme) => {
  test.each(['/', '/calls/claim-4417'])('has no violation that axe can find at %s', async (path) => {
    const nowMs = Date.now();
    for (const talk of scriptedConversations(3, nowMs)) {
      await talk.join(analyzer);
      await talk.tell(analyzer, nowMs - 60_000, nowMs);
    }
    const page = await open(path, { colorScheme, bypassCSP: true });
    await fresh(page, path === '/' ? 'ut-call-card' : 'ut-speaker-row');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }),
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`)).toEqual(
      [],
    );
  });
});
