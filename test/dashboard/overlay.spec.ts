import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { launchChromium } from '../e2e/chromium.ts';
import { buildWebPage } from '../e2e/web-page.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { ForeignPage } from './foreign-page.ts';
import { scriptedSpeaker, silentPoint, spokenPoint } from './scripted-points.ts';
import { startTestDashboard } from './test-dashboard.ts';

vi.setConfig({ testTimeout: 90_000 });

let browser: Browser;
let overlayFolder: string;
let foreign: ForeignPage;
let dashboard: DashboardApp;
let analyzer: FakeAnalyzer;
let complaints: string[];
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  [browser, overlayFolder] = await Promise.all([launchChromium('none'), buildWebPage('libs/overlay')]);
});

afterAll(async () => {
  await browser?.close();
  if (overlayFolder) await rm(overlayFolder, { recursive: true, force: true });
});

beforeEach(async () => {
  complaints = [];
  foreign = await ForeignPage.serve();
  dashboard = await startTestDashboard({ overlayFolder, allowedOrigins: [foreign.origin] });
  analyzer = await FakeAnalyzer.connect(dashboard.url);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await analyzer.close();
  await dashboard.close();
  await foreign.close();
});

const ana = scriptedSpeaker({ callId: 'call-1', id: 'ana', name: 'Ana Ruiz' });
const ben = scriptedSpeaker({
  callId: 'call-1',
  id: 'ben',
  name: 'Ben',
  role: 'agent',
  decision: { analysed: false, reason: 'Only customers are analysed.' },
});

/** Speech of the last `seconds`, five points a second. */
async function speak(seconds: number, expression: 'angry' | 'calm', probability = 0.8): Promise<void> {
  const untilMs = Date.now();
  const points = [];
  for (let atMs = untilMs - seconds * 1_000; atMs <= untilMs; atMs += 200)
    points.push(spokenPoint(atMs, expression, probability));
  await analyzer.points(ana, ...points);
}

/** Opens an address, and writes down every error that its page makes. */
async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 640, height: 480 }, ...options });
  closing.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('WebSocket')) complaints.push(message.text());
  });
  // The host keeps its record from the beginning.
  await page.addInitScript(() => {
    const record: unknown[] = [];
    Object.assign(window, { record });
    document.addEventListener('undertone-notice', (event) => record.push((event as CustomEvent).detail));
  });
  await page.goto(address);
  return page;
}

const recordOf = (page: Page) =>
  page.evaluate(
    () => (window as unknown as { record: { callId: string; speakerId: string; text: string }[] }).record,
  );

/** The lines that docs/overlay.md tells people to write. */
const script = () => `<script type="module" src="${dashboard.url}/overlay.js"></script>`;
const overlay = (attributes: string) =>
  `<undertone-overlay src="${dashboard.url}" ${attributes}></undertone-overlay>`;

/** Tells what is said again and again, so that it is never too old to be shown. */
function keepSpeaking(expression: 'angry' | 'calm', probability = 0.8): void {
  const timer = setInterval(
    () => void analyzer.points(ana, spokenPoint(Date.now(), expression, probability)),
    300,
  );
  closing.push(() => clearInterval(timer));
}

const violationsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
};

describe('an overlay in a page of another origin', () => {
  test('shows how a voice sounds once the notice was in sight, and tells the page that it was', async () => {
    await analyzer.join(ana);
    keepSpeaking('angry');
    foreign.body = `${script()}${overlay('call="call-1" speaker="ana"')}`;
    const page = await open(foreign.origin);
    await page.getByText('Voice expression analysis is on').waitFor();
    expect(await page.getByText('Sounds angry').count()).toBe(0);
    await page.getByText('Sounds angry').waitFor();
    await page.getByText('80% confidence').waitFor();
    const record = await recordOf(page);
    expect(record).toEqual([expect.objectContaining({ callId: 'call-1', speakerId: 'ana', language: 'en' })]);
    expect(record[0].text).toContain('does not say what anyone feels');

    await page.getByRole('button', { name: 'Understood' }).click();
    await page.getByText('What you see is how a voice may sound').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Voice expression analysis is on' }).click();
    await page.getByText('What you see is how a voice may sound').waitFor();
    expect(complaints).toEqual([]);
  });

  test.each([
    ['made invisible', 'opacity: 0'],
    ['cut off', 'height: 4px; overflow: hidden'],
    ['outside the window', 'position: absolute; top: -900px'],
  ])('shows nothing of a voice while the notice is %s', async (_how, style) => {
    await analyzer.join(ana);
    keepSpeaking('angry');
    foreign.body = `${script()}<div id="tile" style="${style}">${overlay('call="call-1" speaker="ana"')}</div>`;
    const page = await open(foreign.origin);
    await page.getByText('Voice expression analysis is on').waitFor({ state: 'attached' });
    // A second overlay that is in sight has its notice shown meanwhile: long enough for this one's to have been.
    await analyzer.join({ ...ana, callId: 'call-2' });
    await page.evaluate((html) => {
      document.querySelector('main')!.insertAdjacentHTML('beforeend', html);
    }, overlay('call="call-2"'));
    await page.locator('undertone-overlay[call="call-2"] [data-speaker-id="ana"]').waitFor();
    expect(await page.getByText('Sounds angry').count()).toBe(0);
    expect((await recordOf(page)).map(({ callId }) => callId)).toEqual(['call-2']);

    await page.evaluate(() => document.getElementById('tile')!.removeAttribute('style'));
    await page.getByText('Sounds angry').waitFor();
    expect((await recordOf(page)).map(({ callId }) => callId)).toEqual(['call-2', 'call-1']);
  });

  test('shows one notice for all tiles of a call, over one connection', async () => {
    await analyzer.join(ana);
    await analyzer.join({ ...ana, id: 'cleo', name: 'Cleo' });
    keepSpeaking('calm');
    foreign.body = `${script()}${overlay('call="call-1" speaker="ana"')}${overlay('call="call-1" speaker="cleo"')}`;
    let sockets = 0;
    const page = await browser.newPage();
    closing.push(() => page.close());
    page.on('websocket', () => sockets++);
    await page.goto(foreign.origin);
    await page.getByText('Sounds calm').waitFor();
    await page.locator('[data-speaker-id="cleo"][data-state="listening"]').waitFor();
    expect(await page.getByRole('button', { name: 'Understood' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Understood' }).click();
    await expect
      .poll(() => page.getByRole('button', { name: 'Voice expression analysis is on' }).count())
      .toBe(2);
    expect(sockets).toBe(1);
  });

  test('says what it does not know: unclear, silent, muted, lost, too old, not analysed and why', async () => {
    await analyzer.join(ana);
    await analyzer.join(ben);
    foreign.body = `${script()}${overlay('call="call-1"')}`;
    const page = await open(foreign.origin);
    const voice = page.locator('[data-speaker-id="ana"]');
    await page.getByText('Only customers are analysed.').waitFor();
    await voice.getByText('Listening').waitFor();
    await analyzer.points(ana, spokenPoint(Date.now(), 'angry', 0.22));
    await voice.getByText('Unclear').waitFor();
    await voice.getByText('perhaps angry, 22% confidence').waitFor();
    await analyzer.points(ana, silentPoint(Date.now()));
    await voice.getByText('Silent').waitFor();
    await analyzer.say({ type: 'speaker-updated', speaker: { ...ana, muted: true } });
    await voice.getByText('Muted').waitFor();
    await analyzer.say({ type: 'speaker-updated', speaker: ana });
    await analyzer.points(ana, spokenPoint(Date.now() + 1, 'angry', 0.8, 'concealed'));
    await voice.getByText('Audio lost').waitFor();
    await voice.getByText('No data').waitFor();

    const withdrawn = { analysed: false, reason: 'This person withdrew consent' };
    await analyzer.say({
      type: 'speaker-updated',
      speaker: { ...ana, consent: 'withdrawn', decision: withdrawn },
    });
    await voice.getByText('This person withdrew consent').waitFor();
    // Nobody is analysed any more.
    expect(await page.getByText('Voice expression analysis is on').count()).toBe(0);
  });

  test('says when there is no such call, nobody of that name, no analyzer, no connection and an end', async () => {
    foreign.body = `${script()}${overlay('call="call-1" speaker="ana"')}`;
    const page = await open(foreign.origin);
    const status = page.getByRole('status').first();
    await status.getByText('There is no call call-1 yet.').waitFor();
    await analyzer.join(ben);
    await status.getByText('Not in the call yet.').waitFor();
    await analyzer.join(ana);
    await page.locator('[data-speaker-id="ana"]').waitFor();
    await analyzer.close();
    await status.getByText('The analysis is interrupted.').waitFor();

    const { port } = new URL(dashboard.url);
    await dashboard.close();
    await status.getByText('Connection lost. Reconnecting…').waitFor();
    dashboard = await startTestDashboard({
      overlayFolder,
      allowedOrigins: [foreign.origin],
      port: Number(port),
    });
    analyzer = await FakeAnalyzer.connect(dashboard.url);
    await analyzer.join(ana);
    await speak(2, 'calm');
    await page.getByText('Sounds calm').waitFor();
    await analyzer.leave(ana);
    await status.getByText('The call has ended.').waitFor();
    await page.getByText('Has left').waitFor();
    await page.evaluate(() => document.querySelector('undertone-overlay')!.setAttribute('call', 'two words'));
    await status.getByText('Say which call to show').waitFor();
  });

  test('runs for origins that are allowed and for no other', async () => {
    const script = (origin: string) => fetch(`${dashboard.url}/overlay.js`, { headers: { origin } });
    const allowed = await script(foreign.origin);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('content-type')).toContain('javascript');
    expect(allowed.headers.get('access-control-allow-origin')).toBe(foreign.origin);
    const other = await script('http://elsewhere.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(other.headers.get('vary')).toContain('Origin');
  });

  test('speaks the language of the page, and the browser’s where the page does not say', async () => {
    await analyzer.join(ana);
    keepSpeaking('angry');
    foreign.lang = 'zh-CN';
    foreign.body = `${script()}${overlay('call="call-1" speaker="ana" timeline')}`;
    const page = await open(foreign.origin);
    await page.getByText('语音语气分析已开启').waitFor();
    await page.getByText('听起来愤怒').waitFor();
    await page.getByRole('img', { name: /^Ana Ruiz，最近 2 分钟的语音：愤怒 100%$/ }).waitFor();
    foreign.lang = '';
    const other = await open(foreign.origin, { locale: 'zh-TW' });
    await other.getByText('听起来愤怒').waitFor();
  });

  test('comes with a client that hands the data alone to pages that draw it themselves', async () => {
    await analyzer.join(ana);
    await speak(2, 'angry');
    foreign.body = `<output></output><script type="module">
      import { TimelineClient, readVoice } from '${dashboard.url}/overlay.js';
      const client = new TimelineClient({ url: '${dashboard.url}' });
      client.watch('call-1', (call) => {
        const voice = readVoice(call.speakers.get('ana'), client.clock.now());
        document.querySelector('output').textContent = voice.expression + ' ' + voice.confidence;
      });
    </script>`;
    const page = await open(foreign.origin);
    await page.getByText('angry 0.8').waitFor();
  });

  test.each(['light', 'dark'] as const)('has no violation that axe can find, in a %s page', async (theme) => {
    await analyzer.join(ana);
    await analyzer.join(ben);
    await speak(60, 'calm');
    keepSpeaking('angry');
    foreign.body = `<style>:root { color-scheme: ${theme} }</style>${script()}${overlay('call="call-1" timeline')}
      <undertone-timeline src="${dashboard.url}" call="call-1"></undertone-timeline>`;
    const page = await open(foreign.origin);
    await page.getByText('Sounds angry').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Understood' }).click();
    expect(await violationsOf(page)).toEqual([]);
    const { red } = await page.evaluate(() => {
      const card = document.querySelector('undertone-overlay')!.shadowRoot!.querySelector('.card')!;
      return { red: Number(getComputedStyle(card).backgroundColor.match(/\d+/)![0]) };
    });
    expect(red > 128).toBe(theme === 'light');
  });
});

describe('a timeline in a page of another origin', () => {
  const firstRun = (page: Page) =>
    page.evaluate(() => {
      const timeline = document.querySelector('undertone-timeline')!.shadowRoot!;
      const canvas = timeline.querySelector('undertone-band')?.shadowRoot?.querySelector('canvas');
      if (!canvas) return -1;
      const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height >> 1, canvas.width, 1);
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) return (i >> 2) / canvas.width;
      return -1;
    });

  test('draws the last while, moves on as points come, and says the same in words', async () => {
    await analyzer.join(ana);
    await speak(30, 'calm');
    keepSpeaking('calm');
    foreign.body = `${script()}<undertone-timeline src="${dashboard.url}" call="call-1" speaker="ana" seconds="60"></undertone-timeline>`;
    const page = await open(foreign.origin);
    await page.getByRole('img', { name: 'Ana Ruiz, speech of the last 1 min: 100% calm' }).waitFor();
    const before = await firstRun(page);
    expect(before).toBeGreaterThan(0.35);
    expect(before).toBeLessThan(0.6);
    await expect.poll(() => firstRun(page)).toBeLessThan(before - 0.01);
    expect(complaints).toEqual([]);
  });

  test('moves once a second for those who want little motion', async () => {
    await analyzer.join(ana);
    await speak(30, 'calm');
    keepSpeaking('calm');
    foreign.body = `${script()}<undertone-timeline src="${dashboard.url}" call="call-1" speaker="ana" seconds="10"></undertone-timeline>`;
    const page = await open(foreign.origin, { reducedMotion: 'reduce' });
    await page.getByRole('img').waitFor();
    const ends = await page.evaluate(async () => {
      const band = document
        .querySelector('undertone-timeline')!
        .shadowRoot!.querySelector<HTMLElement & { view: { endMs: number } }>('undertone-band')!;
      const seen = new Set<number>();
      while (seen.size < 3) {
        seen.add(band.view.endMs);
        await new Promise(requestAnimationFrame);
      }
      return [...seen];
    });
    expect(ends.every((ms) => ms % 1_000 === 0)).toBe(true);
  });
});

describe('the page for streaming software', () => {
  test('is transparent around the card, keeps the notice, and reads its settings from the address', async () => {
    await analyzer.join(ana);
    await speak(20, 'calm');
    keepSpeaking('angry');
    const page = await open(
      `${dashboard.url}/overlay?call=call-1&speaker=ana&timeline&theme=dark&size=1.5#token=x`,
    );
    await page.getByText('Sounds angry').waitFor();
    await page.getByText('Voice expression analysis is on').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    const png = (await page.screenshot({ omitBackground: true })).toString('base64');
    const alpha = await page.evaluate(async (data) => {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
      context.drawImage(image, 0, 0);
      const at = (x: number, y: number) => context.getImageData(x, y, 1, 1).data[3];
      return { corner: at(image.width - 2, image.height - 2), card: at(60, 40) };
    }, png);
    expect(alpha).toEqual({ corner: 0, card: 255 });
    const size = await page
      .locator('.word')
      .evaluate((word) => Number.parseFloat(getComputedStyle(word).fontSize));
    expect(size).toBeCloseTo(1.5 * 15);
    expect(complaints).toEqual([]);
  });

  test('has no violation that axe can find', async () => {
    await analyzer.join(ana);
    keepSpeaking('angry');
    const page = await open(`${dashboard.url}/overlay?call=call-1`, { bypassCSP: true });
    await page.getByText('Sounds angry').waitFor();
    expect((await violationsOf(page)).filter((each) => !each.startsWith('page-has-heading-one'))).toEqual([]);
  });
});
