import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Conference, startConference } from '../../examples/conference/src/conference.ts';
import { launchChromium } from './chromium.ts';
import { writeMicrophoneRecording } from './microphone-recording.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { Undertone } from './undertone.ts';
import { freePorts } from './undertone-processes.ts';
import { buildWebPage } from './web-page.ts';

const tapToken = 'a-token-of-some-length';

describe('the example conference', () => {
  let folder: string;
  let webFolder: string;
  let overlayFolder: string;
  let undertone: Undertone;
  let conference: Conference;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-conference-'));
    const { path } = await writeMicrophoneRecording(join(folder, 'speech.wav'), [
      { silenceMs: 4_000 },
      {
        clips: [
          '08b03Fe.flac',
          '08b02Ff.flac',
          '08a07Fd.flac',
          '08b03Nb.flac',
          '08b02Nb.flac',
          '08b09Nb.flac',
        ],
      },
    ]);
    webFolder = await buildWebPage('examples/conference');
    overlayFolder = await buildWebPage('libs/overlay');
    const [port] = await freePorts(1);
    undertone = await Undertone.start({
      profile: 'customer-only',
      tapToken,
      overlay: { folder: overlayFolder, allowedOrigins: [`http://127.0.0.1:${port}`] },
    });
    conference = await startConference({
      port,
      dashboardUrl: undertone.dashboardUrl,
      webFolder,
      undertone: { url: `${undertone.bridgeUrl.replace('http', 'ws')}/tap`, token: tapToken },
    });
    browser = await launchChromium({ recording: path });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await conference?.close();
    await undertone?.close();
    for (const each of [folder, webFolder, overlayFolder])
      if (each !== undefined) await rm(each, { recursive: true, force: true });
  });

  async function joinRoom(name: string, role: 'customer' | 'agent', consent: boolean): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(conference.url);
    await page.getByLabel('Room').fill('claims');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('I am').selectOption(role);
    await page.getByRole('checkbox', { name: 'Undertone may analyse' }).setChecked(consent);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Leave' }).waitFor();
    return page;
  }

  it('has timelines of customers who agree, and of nobody else', async () => {
    const watch = new TimelineWatch(undertone.dashboardUrl, 'claims');
    const agent = await joinRoom('Kim', 'agent', true);
    const customer = await joinRoom('Mara', 'customer', true);
    await customer.getByText('Undertone analyses how your voice sounds.').waitFor();
    await agent.getByText('Undertone does not analyse your voice: Agents are not analysed').waitFor();
    await agent.getByRole('listitem').getByText('Mara').waitFor();
    await customer.getByRole('listitem').getByText('Kim').waitFor();
    await watch.until('Mara speaks', () => watch.points('Mara').some(({ state }) => state === 'speech'));
    expect(watch.points('Kim')).toEqual([]);
    const tile = (page: Page, name: string) => page.locator('.tile', { hasText: name });
    await tile(agent, 'Kim').getByText('Agents are not analysed').waitFor();
    await tile(agent, 'Mara').getByText('Voice expression analysis is on').waitFor();
    const heard = '[data-state="speech"], [data-state="listening"], [data-state="silence"]';
    await tile(agent, 'Mara').locator(heard).waitFor();
    await tile(customer, 'Mara').locator(heard).waitFor();
    await tile(agent, 'Mara')
      .getByRole('img', { name: /^Mara, speech of the last 2 min: \d+% / })
      .waitFor();

    await customer.getByRole('button', { name: 'Mute' }).click();
    await watch.until('the mute', () => watch.find('Mara')!.speaker.muted);
    await customer.getByRole('button', { name: 'Mute' }).click();
    await watch.until('the end of the mute', () => !watch.find('Mara')!.speaker.muted);
    await customer.getByRole('checkbox', { name: 'Undertone may analyse' }).uncheck();
    await customer.getByText('This person withdrew consent').waitFor();
    await tile(agent, 'Mara').getByText('This person withdrew consent').waitFor();
    await watch.until('the withdrawal', () => watch.find('Mara')!.speaker.consent === 'withdrawn');
    await customer.getByRole('button', { name: 'Leave' }).click();
    await watch.until('Mara leaves', () => watch.find('Mara')!.leftAtMs !== null);
    watch.close();
  }, 90_000);
});
