import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../apps/sfu-bridge/src/config.ts';
import { type BridgeApp, createBridgeApp } from '../../apps/sfu-bridge/src/create-bridge-app.ts';
import { type FakeMicrophone, launchChromium } from './chromium.ts';
import { buildWebPage } from './web-page.ts';

describe('the join page', () => {
  let webFolder: string;
  let bridge: BridgeApp;
  const browsers: Browser[] = [];

  const startBridge = (port = '0'): Promise<BridgeApp> =>
    createBridgeApp({
      // No analyzer: people can talk without it.
      ...readConfig({ BRIDGE_PORT: port, RTC_PORT: '0', MEDIA_WORKERS: '1', LOG_LEVEL: 'fatal' }),
      webFolder,
    });

  beforeAll(async () => {
    webFolder = await buildWebPage('apps/sfu-bridge');
    bridge = await startBridge();
  }, 60_000);

  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close();
  });

  afterAll(async () => {
    await bridge?.close();
    if (webFolder !== undefined) await rm(webFolder, { recursive: true, force: true });
  });

  async function openPage(microphone: FakeMicrophone, permissions: string[], query = ''): Promise<Page> {
    const browser = await launchChromium(microphone);
    browsers.push(browser);
    const context = await browser.newContext({ permissions });
    const page = await context.newPage();
    await page.goto(`${bridge.url}/join/${query}`);
    return page;
  }

  const phase = (page: Page, name: string) => page.locator(`ut-join-page[data-phase="${name}"]`).waitFor();

  it('joins nobody who has not chosen about the analysis', async () => {
    const page = await openPage('tone', ['microphone'], '?call=a&name=Kim&role=customer');
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Join the call' }).click();
    expect(await page.locator('ut-join-page').getAttribute('data-phase')).toBe('out');
    await page.getByRole('radio', { name: 'No, don’t analyse my voice' }).check();
    await page.getByRole('button', { name: 'Join the call' }).click();
    await phase(page, 'in-call');
    await page.getByText('Voice expression analysis is off for you').waitFor();
    await page.getByText('You did not agree to it.').waitFor();
  });

  it('says what to do when the microphone is refused', async () => {
    const page = await openPage('tone', []);
    await page.getByRole('button', { name: 'Use my microphone' }).click();
    await page.getByRole('alert').getByText('does not let this page use the microphone').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('says what to do when there is no microphone', async () => {
    const page = await openPage('none', ['microphone']);
    await page.getByRole('alert').getByText('No microphone was found.').waitFor();
  });

  it('works with the keyboard alone', async () => {
    const page = await openPage('tone', ['microphone'], '?call=keys&name=Kim&role=customer');
    await page.getByRole('combobox', { name: 'Microphone' }).waitFor();
    await page.getByRole('textbox', { name: 'Your name' }).focus();
    for (const key of ['Tab', 'Tab', 'Tab', 'Space', 'Tab', 'Enter']) await page.keyboard.press(key);
    await phase(page, 'in-call');
    await page.keyboard.press('m');
    await page.getByRole('status').getByText('muted').waitFor();
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
  });

  it('joins again by itself when the bridge was restarted', async () => {
    const page = await openPage(
      'tone',
      ['microphone'],
      '?call=again&name=Kim&role=customer&consent=granted&autojoin',
    );
    await phase(page, 'in-call');
    const { port } = new URL(bridge.url);
    await bridge.close();
    await phase(page, 'reconnecting');
    await page.getByRole('alert').getByText('The call server does not answer.').waitFor();
    bridge = await startBridge(port);
    await phase(page, 'in-call');
    await page.getByText('Voice expression analysis is on for you').waitFor();
  });
});
