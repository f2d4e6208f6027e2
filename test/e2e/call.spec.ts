import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmotionPoint } from '@undertone/wire';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type MicrophoneRecording, writeMicrophoneRecording } from './microphone-recording.ts';
import { TimelineWatch } from './timeline-watch.ts';
import { Undertone } from './undertone.ts';
import { buildWebPage } from './web-page.ts';

/** Voice activity needs a moment to be sure that speech has begun or ended; conferencing adds its delays. */
const edgeMs = 1_200;

const isExpression = ({ state }: EmotionPoint) => state === 'speech' || state === 'warming-up';

describe('a call between browsers', () => {
  let folder: string;
  let webFolders: { bridge: string; dashboard: string };
  let undertone: Undertone;
  let speech: MicrophoneRecording;
  let silence: MicrophoneRecording;
  const opened: { close(): unknown }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-call-'));
    speech = await writeMicrophoneRecording(join(folder, 'speech.wav'), [
      { silenceMs: 6_000 },
      { clips: ['08b03Wd.flac', '08b02Wd.flac'] },
      { silenceMs: 5_000 },
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
    silence = await writeMicrophoneRecording(join(folder, 'silence.wav'), [{ silenceMs: 1_000 }]);
    webFolders = {
      bridge: await buildWebPage('apps/sfu-bridge'),
      dashboard: await buildWebPage('apps/dashboard'),
    };
    undertone = await Undertone.start({ profile: 'customer-only', webFolders });
  }, 120_000);

  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  afterAll(async () => {
    await undertone?.close();
    for (const each of [folder, webFolders?.bridge, webFolders?.dashboard])
      if (each !== undefined) await rm(each, { recursive: true, force: true });
  });

  async function browser(recording: MicrophoneRecording): Promise<Browser> {
    const chromium = await launchChromium({ recording: recording.path });
    opened.push(chromium);
    return chromium;
  }

  function watchTimeline(callId: string): TimelineWatch {
    const watch = new TimelineWatch(undertone.dashboardUrl, callId);
    opened.push(watch);
    return watch;
  }

  async function joinCall(
    chromium: Browser,
    callId: string,
    name: string,
    consent: 'granted' | 'denied',
  ): Promise<Page> {
    const page = await chromium.newPage();
    const query = new URLSearchParams({
      call: callId,
      name,
      role: 'customer',
      consent,
      autojoin: '1',
      raw: '1',
    });
    await page.goto(`${undertone.bridgeUrl}/join/?${query}`);
    await page.locator('ut-join-page[data-phase="in-call"]').waitFor();
    return page;
  }

  /** A person's row on the dashboard's page of a call. */
  const rowOf = (dashboard: Page, name: string): Locator =>
    dashboard
      .locator('ut-speaker-row')
      .filter({ has: dashboard.getByRole('heading', { name, exact: true }) });

  it('moves the timeline of the one who speaks, shows no expression in silence, stops at withdrawal and at leaving', async () => {
    const callId = 'two-people';
    const quiet = await browser(silence);
    const dashboard = await quiet.newPage();
    await dashboard.goto(`${undertone.dashboardUrl}/calls/${callId}`);
    const watch = watchTimeline(callId);
    const kimsPage = await joinCall(quiet, callId, 'Kim', 'granted');
    const marasPage = await joinCall(await browser(speech), callId, 'Mara', 'granted');
    await marasPage.getByText('Voice expression analysis is on for you').waitFor();

    // The watcher's page follows: an expression while she speaks, silence while she does not.
    const reading = rowOf(dashboard, 'Mara').locator('ut-speaker-reading .main');
    await reading.and(dashboard.locator(':not(.quiet)')).waitFor();
    await reading.and(dashboard.locator('.quiet')).getByText('Silence').waitFor();

    const points = () => watch.points('Mara');
    const firstMs = () => points().find(isExpression)!.atMs;
    const [first, second] = speech.speech;
    /** Where in the recording a point lies, given that its first speech was heard where it begins. */
    const positionMs = ({ atMs }: EmotionPoint) => atMs - firstMs() + first.startMs;
    await watch.until(
      'Mara speaks for the second time',
      () => points().some(isExpression) && positionMs(points().at(-1)!) > second.startMs + 4_000,
    );
    const within = (startMs: number, endMs: number) =>
      points().filter((point) => positionMs(point) > startMs && positionMs(point) < endMs);
    const spoken = [
      ...within(first.startMs + edgeMs, first.endMs - edgeMs),
      ...within(second.startMs + edgeMs, second.startMs + 4_000),
    ];
    const heard = spoken.filter(isExpression);
    expect(spoken.length).toBeGreaterThan(25);
    expect(heard.length / spoken.length).toBeGreaterThan(0.8); // clips have short pauses of their own
    expect(heard.every(({ probabilities }) => probabilities !== null)).toBe(true);
    const pause = within(first.endMs + edgeMs, second.startMs - edgeMs);
    expect(pause.length).toBeGreaterThan(2);
    for (const point of [...pause, ...points().filter(({ atMs }) => atMs < firstMs() - edgeMs)])
      expect(point).toMatchObject({ state: 'silence', probabilities: null, valence: null, arousal: null });

    // Kim's timeline is silent all the while.
    expect(watch.points('Kim').length).toBeGreaterThan(5);
    expect(watch.points('Kim').every(({ state }) => state === 'silence')).toBe(true);
    await rowOf(dashboard, 'Kim').locator('ut-speaker-reading .main.quiet').getByText('Silence').waitFor();

    // She withdraws in mid-sentence; Kim's timeline goes on and tells that time has passed.
    await marasPage.getByText('No, don’t analyse my voice').click();
    await marasPage.getByText('Voice expression analysis is off for you').waitFor();
    await watch.until('the withdrawal', () => watch.find('Mara')!.speaker.consent === 'withdrawn');
    const count = points().length;
    const withdrawnAtMs = watch.points('Kim').at(-1)!.atMs;
    await watch.until('three seconds more', () => watch.points('Kim').at(-1)!.atMs > withdrawnAtMs + 3_000);
    expect(points().length - count).toBeLessThanOrEqual(1); // what was under way when she withdrew
    await rowOf(dashboard, 'Mara').getByText('Not analysed').waitFor();

    await marasPage.getByRole('button', { name: 'Leave the call' }).click();
    await watch.until('Mara leaves', () => watch.find('Mara')!.leftAtMs !== null);
    await rowOf(dashboard, 'Mara')
      .getByText(/left at/)
      .waitFor();
    await kimsPage.getByText('Nobody else is here yet.').waitFor();
  }, 120_000);

  it('goes on by itself when the media worker is killed', async () => {
    const callId = 'worker-killed';
    const watch = watchTimeline(callId);
    const page = await joinCall(await browser(speech), callId, 'Mara', 'granted');
    await watch.until('Mara speaks', () => watch.points('Mara').some(isExpression));
    const health = await (await fetch(`${undertone.bridgeUrl}/health`)).json();
    process.kill(health.details.mediaWorkers.pids[0], 'SIGKILL');
    await page.locator('ut-join-page[data-phase="reconnecting"]').waitFor();
    await page.locator('ut-join-page[data-phase="in-call"]').waitFor();
    const backAtMs = Date.now();
    // She is a new speaker of the same call, and the old one leaves it.
    const newcomers = () =>
      watch.named('Mara').filter(({ points }) => points.some((p) => p.atMs > backAtMs && isExpression(p)));
    await watch.until('Mara speaks again', () => newcomers().length === 1);
    await watch.until('the former Mara leaves', () =>
      watch.named('Mara').some(({ leftAtMs }) => leftAtMs !== null),
    );
  }, 90_000);

  it('neither decodes nor judges who does not consent, though the others hear them', async () => {
    const callId = 'no-consent';
    const decodedBefore = await undertone.bridgeMetric('undertone_bridge_opus_decoded_total');
    const watch = watchTimeline(callId);
    const kimsPage = await joinCall(await browser(silence), callId, 'Kim', 'denied');
    const marasPage = await joinCall(await browser(speech), callId, 'Mara', 'denied');
    await marasPage.getByText('Voice expression analysis is off for you').waitFor();

    // Her voice arrives at Kim, through the whole of the first speech.
    const level = kimsPage.getByRole('meter', { name: 'Level of Mara' });
    await kimsPage.waitForFunction(
      (meter) => Number(meter?.getAttribute('aria-valuenow')) > 30,
      await level.elementHandle(),
    );

    await watch.until('Mara is in the call', () => watch.find('Mara') !== undefined);
    expect(watch.find('Mara')!.speaker.decision.analysed).toBe(false);
    expect(watch.points('Mara')).toEqual([]);
    expect(await undertone.bridgeMetric('undertone_bridge_opus_decoded_total')).toBe(decodedBefore);
    expect(await undertone.bridgeMetric('undertone_bridge_tapped_speakers')).toBe(0);
  }, 60_000);

  it('sends nothing while muted, and tells the others', async () => {
    const callId = 'muted';
    const watch = watchTimeline(callId);
    const kimsPage = await joinCall(await browser(silence), callId, 'Kim', 'granted');
    const marasPage = await joinCall(await browser(speech), callId, 'Mara', 'granted');
    await watch.until('Mara speaks', () => watch.points('Mara').some(isExpression));
    await marasPage.keyboard.press('m');
    await kimsPage.getByText('customer · muted').waitFor();
    await watch.until('the mute', () => watch.find('Mara')!.speaker.muted);
    const mutedAtMs = watch.points('Mara').at(-1)!.atMs;
    await watch.until('four seconds more', () => watch.points('Kim').at(-1)!.atMs > mutedAtMs + 4_000);
    const later = watch.points('Mara').filter(({ atMs }) => atMs > mutedAtMs + edgeMs);
    expect(later.filter(isExpression)).toEqual([]);
  }, 60_000);
});
