import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrowserDashboard, paintedPixels } from './browser-dashboard.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedConversations } from './scripted-conversation.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';

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

describe('the wall', () => {
  test('shows who sounds like what, and says when nobody speaks', async () => {
    const page = await site.open('/');
    await page.getByRole('heading', { name: 'No live calls' }).waitFor();
    expect(await page.getByRole('link', { name: 'Start a call' }).getAttribute('href')).toContain('/join');

    await site.analyzer.join(ana);
    await site.analyzer.join(ben);
    await speak(20, 'angry');
    await page.locator('[data-speaker-id="ana"][data-expression="angry"]').waitFor();
    const card = page.getByRole('link', {
      name: /^Call call-1 Alert since .*: Sounds angry.*sounded angry for \d+ seconds.*Angry 80% Ana Ruiz · customer.*last two minutes mostly angry/,
    });
    await card.waitFor();
    expect(await page.locator('[data-speaker-id="ben"]').textContent()).toContain(
      'Only customers are analysed.',
    );
    await expect.poll(() => paintedPixels(page, 'ut-wall-ribbon')).toBeGreaterThan(200);

    await site.analyzer.points(ana, silentPoint(Date.now() + 400));
    await page.locator('[data-speaker-id="ana"][data-state="silence"]').waitFor();
    expect(await page.locator('[data-speaker-id="ana"]').textContent()).toMatch(/Silence\s+after angry/);

    await site.analyzer.leave(ben);
    await page.locator('[data-speaker-id="ben"]').waitFor({ state: 'detached' });
    await site.analyzer.leave(ana);
    await page.getByRole('heading', { name: 'No live calls' }).waitFor();
    expect(site.complaints).toEqual([]);
  });

  test('is walked with the keyboard, into a call and back to its card', async () => {
    const joinedAtMs = Date.now();
    for (let i = 0; i < 6; i++)
      await site.analyzer.join(
        scriptedSpeaker({ callId: `call-${i}`, id: 'ana', joinedAtMs: joinedAtMs - i * 1_000 }),
      );
    const page = await site.open('/');
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
    await site.analyzer.join(ana);
    await speak(5, 'calm');
    const page = await site.open('/');
    await page.locator('[data-speaker-id="ana"][data-expression="calm"]').waitFor();
    await site.analyzer.close();
    await page.getByText('The analyzer is not connected.').waitFor();
    await fresh(page, 'ut-call-card[stale]');
    site.analyzer = await FakeAnalyzer.connect(site.dashboard.url);
    await site.analyzer.join(ana);
    await speak(1, 'angry');
    await page.locator('[data-speaker-id="ana"][data-expression="angry"]').waitFor();
    expect(await page.getByText('The analyzer is not connected.').count()).toBe(0);
  });

  test('remembers the theme that was chosen', async () => {
    const page = await site.open('/', { colorScheme: 'light' });
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    expect(await scheme()).toBe('dark');
    await page.reload();
    await page.getByRole('button', { name: 'Switch to the light theme' }).waitFor();
    expect(await scheme()).toBe('dark');
  });

  test('fits a telephone', async () => {
    for (const talk of scriptedConversations(3, Date.now())) await talk.join(site.analyzer);
    const page = await site.open('/', { viewport: { width: 360, height: 700 } });
    await fresh(page, 'ut-call-card');
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await page.locator('ut-call-card a').first().click();
    await fresh(page, 'ut-speaker-row');
    expect(await overflow()).toBe(0);
  });

  test('brings the call that is worth a listen to the front, but not from under the pointer', async () => {
    const joinedAtMs = Date.now() - 60_000;
    const voices = ['a', 'b', 'c'].map((id, i) =>
      scriptedSpeaker({ callId: `call-${id}`, id: 'ana', joinedAtMs: joinedAtMs - i * 1_000 }),
    );
    for (const voice of voices) await site.analyzer.join(voice);
    const page = await site.open('/');
    const order = () =>
      page.locator('ut-call-card').evaluateAll((cards) => cards.map((card) => card.getAttribute('call-id')));
    await expect.poll(order).toEqual(['call-a', 'call-b', 'call-c']);

    await page.locator('ut-call-card[call-id="call-b"]').hover();
    await speak(20, 'angry', Date.now(), voices[2]);
    await fresh(page, 'ut-call-card[call-id="call-c"] .urgency');
    await page.getByText('Order held while you are here').waitFor();
    expect(await order()).toEqual(['call-a', 'call-b', 'call-c']);

    await page.mouse.move(2, 2);
    await expect.poll(order).toEqual(['call-c', 'call-a', 'call-b']);
    await page.getByRole('heading', { name: 'Worth a listen 1' }).waitFor();
    expect(await page.locator('[data-group="urgent"] ut-call-card').count()).toBe(1);
    expect(await page.getByText('Order held').count()).toBe(0);
  });

  test('finds calls by name, role and urgency, and says how many it shows', async () => {
    const now = Date.now();
    for (const talk of scriptedConversations(12, now)) {
      await talk.join(site.analyzer);
      await talk.tell(site.analyzer, now - 60_000, now);
    }
    const page = await site.open('/');
    const shown = page.getByRole('status').filter({ hasText: 'calls' });
    await shown.filter({ hasText: '12 calls' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('lindq');
    await shown.filter({ hasText: '1 of 12 calls' }).waitFor();
    await page.getByText('Jonas Lindqvist').waitFor();

    await page.keyboard.press('Escape');
    await shown.filter({ hasText: /^12 calls/ }).waitFor();
    await page.getByLabel('Voices').selectOption('agent');
    await expect.poll(() => page.locator('[data-speaker-id="customer"]').count()).toBe(0);
    await page.getByLabel('Voices').selectOption('everyone');
    await page.getByLabel('Calls', { exact: true }).selectOption('urgent');
    await shown.filter({ hasText: /^[1-9] of 12 calls/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await page.getByText('No live call matches').waitFor();
    await page.getByRole('button', { name: 'Show all calls' }).click();
    await shown.filter({ hasText: /^12 calls/ }).waitFor();
    expect(site.complaints).toEqual([]);
  });

  test('tells how talk is shared among those who are analysed', async () => {
    const cleo = scriptedSpeaker({ callId: 'call-1', id: 'cleo', name: 'Cleo' });
    await site.analyzer.join(ana);
    await speak(29, 'calm');
    const page = await site.open('/');
    const talk = (id: string) => page.locator(`[data-speaker-id="${id}"] .talk`).getAttribute('title');
    await fresh(page, '[data-speaker-id="ana"] .talk');
    await expect.poll(() => talk('ana')).toBe('spoke for 25% of the last two minutes');
    await site.analyzer.join(cleo);
    await speak(9, 'calm', Date.now(), cleo);
    await expect.poll(() => talk('cleo')).toBe('25% of the talk of the last two minutes');
  });

  test('draws of two hundred calls those in sight, and leads through all of them with the keyboard', async () => {
    const now = Date.now();
    for (const talk of scriptedConversations(200, now, true)) {
      await talk.join(site.analyzer);
      await talk.tell(site.analyzer, now - 4_000, now);
    }
    const page = await site.open('/');
    await fresh(page, 'ut-wall-ribbon');
    const drawn = page.locator('ut-call-card a[data-drawn="true"]');
    expect(await page.getByRole('listitem').count()).toBe(200);
    const atFirst = await drawn.count();
    expect(atFirst).toBeGreaterThan(8);
    expect(atFirst).toBeLessThan(100);

    await page.locator('ut-call-card a').first().focus();
    await page.keyboard.press('End');
    const last = page.locator('ut-call-card').last();
    await last.locator('a[data-drawn="true"]').waitFor();
    await last.locator('ut-wall-ribbon').first().waitFor();
    await fresh(page, 'ut-call-card:first-child a[data-drawn="false"]');
    expect(await drawn.count()).toBeLessThan(100);
    // Tab leaves the wall from wherever the arrow keys have led.
    await page.keyboard.press('Tab');
    await page.locator('ut-about button:focus').waitFor();
    expect(site.complaints).toEqual([]);
  });
});
