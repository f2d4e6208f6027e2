/**
 * How long from the microphone to the page? RTP of real speech, bridge, analyzer, dashboard and a Chromium with the page of one call, all as
 * they ship. Counted for every point that the page shows: from the capture of its last sample (the sender's pace is the
 * microphone's) to the change of the speaker's row in the DOM. The rhythms alone make half a period each on average:
 * the bridge's 20 ms, the analyzer's 40 ms, the dashboard's 200 ms, the screen's 17 ms.
 *
 *   npm run bench -- latency [--speakers 50] [--seconds 30] [--rounds 3] [--json]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/chromium.ts';
import { PacedSpeech } from './paced-speech.ts';
import { pin, usableCpus } from './pinning.ts';
import { ProbedProcess } from './probed-process.ts';
import { summary, summaryText } from './rounds.ts';
import { freePorts, UndertoneProcesses } from './undertone-processes.ts';

const { values } = parseArgs({
  options: {
    speakers: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const rhythmsMs = { bridge: 20, analyzer: 40, dashboard: 200, screen: 1_000 / 60 };
const leastMeanMs = Object.values(rhythmsMs).reduce((sum, periodMs) => sum + periodMs / 2, 0);
const settleMs = 5_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

/** What a row of the page is, as far as it is looked at here. */
interface Row extends HTMLElement {
  track: { history: { readonly end: number; point(i: number): { atMs: number } } };
}

/** Runs in the page: notes for every new point of every row how old it is when the row changes. */
function watchRows(): void {
  const page = document.querySelector('ut-app')?.shadowRoot?.querySelector('ut-call');
  const root = page?.shadowRoot;
  if (!root) throw new Error('the page shows no call');
  const ages: number[] = [];
  const seen = new Map<string, number>();
  Object.assign(globalThis, { takeAges: () => ages.splice(0) });
  new MutationObserver((records) => {
    for (const { target } of records) {
      const row = target as Row;
      const { history } = row.track;
      const id = row.dataset.speakerId ?? '';
      for (let i = seen.get(id) ?? history.end; i < history.end; i++)
        ages.push(Date.now() - history.point(i).atMs);
      seen.set(id, history.end);
    }
  }).observe(root, { subtree: true, attributes: true, attributeFilter: ['data-points'] });
}

const cpus = usableCpus();
const [bridgeCpu, analyzerCpu] = cpus.slice(-2);
// With two processors, all else runs beside bridge and analyzer.
const rest = cpus.length > 3 ? cpus.slice(0, -2) : cpus;
pin(process.pid, rest);

const dataFolder = await mkdtemp(join(tmpdir(), 'undertone-latency-'));
const [dashboardPort] = await freePorts(1);
const dashboard = new ProbedProcess(
  'apps/dashboard/dist/main.js',
  { DASHBOARD_PORT: String(dashboardPort), LOG_LEVEL: 'error', DATA_FOLDER: dataFolder },
  rest,
);
const undertone = await UndertoneProcesses.start(`ws://127.0.0.1:${dashboardPort}/ingest`, {
  bridge: bridgeCpu === undefined ? [] : [bridgeCpu],
  analyzer: analyzerCpu === undefined ? [] : [analyzerCpu],
  rest,
});
const speech = new PacedSpeech(rest);
const chromium = await launchChromium('none');
const rounds: { p50: number; p99: number; points: number }[] = [];
try {
  const targets = await undertone.resize(Number(values.speakers));
  await speech.sendTo(targets);
  const page = await chromium.newPage();
  await page.goto(`http://127.0.0.1:${dashboardPort}/calls/${undertone.callIds[0]}`);
  await page.locator('ut-speaker-row[data-points]').first().waitFor();
  await page.evaluate(watchRows);
  await sleep(settleMs);
  const take = () => page.evaluate(() => (globalThis as unknown as { takeAges(): number[] }).takeAges());
  await take();
  for (let round = 0; round < Number(values.rounds); round++) {
    await sleep(Number(values.seconds) * 1_000);
    const ages = (await take()).sort((a, b) => a - b);
    rounds.push({ p50: quantile(ages, 0.5), p99: quantile(ages, 0.99), points: ages.length });
  }
} finally {
  await chromium.close();
  speech.close();
  await undertone.close();
  await dashboard.close();
  await rm(dataFolder, { recursive: true });
}

const p50 = summary(rounds.map((round) => round.p50));
const p99 = summary(rounds.map((round) => round.p99));
const overLeast = summary(rounds.map((round) => round.p50 / leastMeanMs));
const points = rounds.reduce((sum, round) => sum + round.points, 0);
if (values.json) {
  console.log(
    JSON.stringify(
      {
        p50Ms: p50.median,
        p99Ms: p99.median,
        overAlgorithmicMinimum: overLeast.median,
        spread: { p50, p99, overLeast },
        algorithmicMinimumMs: leastMeanMs,
        points,
      },
      null,
      2,
    ),
  );
} else {
  console.log(
    `${values.speakers} speakers, ${values.rounds} rounds of ${values.seconds} s, ${points} points: median (range)`,
  );
  console.log(`  p50  ${summaryText(p50)} ms\n  p99  ${summaryText(p99)} ms`);
  console.log(`  p50 ÷ ${leastMeanMs.toFixed(0)} ms of the rhythms alone  ${summaryText(overLeast)}`);
}
