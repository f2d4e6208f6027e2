import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BrowserDashboard } from './browser-dashboard.ts';
import { scriptedConversations } from './scripted-conversation.ts';

let site: BrowserDashboard;

beforeAll(async () => {
  site = await BrowserDashboard.launch();
});
afterAll(() => site?.quit());
beforeEach(() => site.start());
afterEach(() => site.stop());

/** What axe finds to complain about. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
}

/** Three conversations of two, everyone analysed. */
async function converse(): Promise<void> {
  const nowMs = Date.now();
  for (const talk of scriptedConversations(3, nowMs, true)) {
    await talk.join(site.analyzer);
    await talk.tell(site.analyzer, nowMs - 60_000, nowMs);
  }
}

describe.each(['light', 'dark'] as const)('accessibility in the %s theme', (colorScheme) => {
  test.each(['/', '/calls/claim-4417'])('has no violation that axe can find at %s', async (path) => {
    await converse();
    const page = await site.open(path, { colorScheme, bypassCSP: true });
    await page
      .locator(path === '/' ? 'ut-wall-ribbon' : 'ut-speaker-row')
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('the language', () => {
  test('is the browser’s, and another one when chosen, at once and after a reload', async () => {
    await converse();
    const page = await site.open('/calls/claim-4417', { locale: 'zh-CN', bypassCSP: true });
    const language = () => page.evaluate(() => document.documentElement.lang);
    await page.getByText('跟随实时').waitFor();
    expect(await language()).toBe('zh-Hans');
    await page.getByRole('button', { name: '语言和时区' }).click();
    expect(await violations(page)).toEqual([]);

    await page.getByLabel('语言', { exact: true }).selectOption('English');
    await page.getByText('Following live').waitFor();
    expect(await language()).toBe('en');
    await page.reload();
    await page.getByText('Following live').waitFor();
    await page.getByRole('button', { name: 'Language and time zone' }).click();
    await page.getByLabel('Language', { exact: true }).selectOption('');
    await page.getByText('跟随实时').waitFor();
    expect(site.complaints).toEqual([]);
  });

  test('comes with the time zone that was chosen', async () => {
    await converse();
    const page = await site.open('/calls/claim-4417', { timezoneId: 'Europe/Berlin' });
    await page.getByText(/^GMT\+[12]$/).waitFor();
    await page.getByRole('button', { name: 'Language and time zone' }).click();
    await page.getByLabel('Time zone', { exact: true }).selectOption('Asia/Shanghai');
    await page.getByText('GMT+8', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('GMT+8', { exact: true }).waitFor();
  });
});

test('nothing moves for those who want less motion', async () => {
  await converse();
  const page = await site.open('/', { reducedMotion: 'reduce' });
  const card = page.locator('ut-call-card a').first();
  await card.waitFor();
  expect(await card.evaluate((link) => getComputedStyle(link).transitionDuration)).toBe('0s');
});
