/**
 * How smooth the wall is with many calls: frames per second in Chromium and the time its main thread works, with 200
 * calls and with 40. Every call has two analysed speakers, each with five points a second.
 *
 *   npm run bench -- wall [--calls 200] [--against 40] [--seconds 5] [--rounds 5] [--json]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { FakeAnalyzer } from '../dashboard/fake-analyzer.ts';
import { type ScriptedConversation, scriptedConversations } from '../dashboard/scripted-conversation.ts';
import { launchChromium } from '../e2e/chromium.ts';
import { buildWebPage } from '../e2e/web-page.ts';
import { type Summary, summary, summaryText } from './rounds.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'string', default: '200' },
    against: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const pointStepMs = 200;
const pastMs = 60_000;
const settleMs = 3_000;

interface Reading {
  /** Frames that Chromium drew, a second. */
  framesPerSecond: number;
  /** Part of the time that the page's main thread was at work. */
  busyShare: number;
}

/** A dashboard with live calls, which go on only while they are told to. */
class Wall {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #analyzer: FakeAnalyzer;
  readonly #talks: ScriptedConversation[];
  #toldUntilMs: number;

  static async open(webFolder: string, calls: number): Promise<Wall> {
    const process = fork(new URL('./wall-dashboard.ts', import.meta.url), [webFolder], {
      execArgv: [
        '--conditions=source',
        '--import',
        fileURLToPath(new URL('../e2e/app-source.mjs', import.meta.url)),
      ],
    });
    const [url] = (await once(process, 'message')) as [string];
    const wall = new Wall(
      url,
      process,
      await FakeAnalyzer.connect(url),
      scriptedConversations(calls, Date.now(), true),
    );
    for (const talk of wall.#talks) await talk.join(wall.#analyzer);
    return wall;
  }

  private constructor(
    url: string,
    process: ChildProcess,
    analyzer: FakeAnalyzer,
    talks: ScriptedConversation[],
  ) {
    this.url = url;
    this.#process = process;
    this.#analyzer = analyzer;
    this.#talks = talks;
    this.#toldUntilMs = Date.now() - pastMs;
  }

  /** Tells what happened since the last time, five times a second, until `done`. */
  async goOn(done: AbortSignal): Promise<void> {
    while (!done.aborted) {
      const untilMs = Date.now();
      for (const talk of this.#talks)
        await talk.tell(this.#analyzer, this.#toldUntilMs + pointStepMs, untilMs);
      this.#toldUntilMs += Math.floor((untilMs - this.#toldUntilMs) / pointStepMs) * pointStepMs;
      await pause(Math.max(0, this.#toldUntilMs + pointStepMs - Date.now()));
    }
  }

  async close(): Promise<void> {
    await this.#analyzer.close();
    this.#process.disconnect();
  }
}

async function read(browser: Browser, wall: Wall): Promise<Reading> {
  const done = new AbortController();
  const going = wall.goOn(done.signal);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(wall.url);
    await page.locator('ut-wall-ribbon').first().waitFor({ timeout: 60_000 });
    await pause(settleMs);
    return await frames(page);
  } finally {
    done.abort();
    await going;
    await context.close();
  }
}

async function frames(page: Page): Promise<Reading> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const workedSeconds = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await workedSeconds();
  const { drawn, elapsedMs } = await page.evaluate(
    (forMs) =>
      new Promise<{ drawn: number; elapsedMs: number }>((resolve) => {
        const startMs = performance.now();
        let drawn = 0;
        const count = (nowMs: number): void => {
          drawn++;
          if (nowMs - startMs < forMs) requestAnimationFrame(count);
          else resolve({ drawn, elapsedMs: nowMs - startMs });
        };
        requestAnimationFrame(count);
      }),
    seconds * 1_000,
  );
  return {
    framesPerSecond: (1_000 * drawn) / elapsedMs,
    busyShare: ((await workedSeconds()) - before) / (elapsedMs / 1_000),
  };
}

const counts = [Number(values.calls), Number(values.against)] as const;
const webFolder = await buildWebPage('apps/dashboard');
const browser = await launchChromium('none');
const walls = [await Wall.open(webFolder, counts[0]), await Wall.open(webFolder, counts[1])];
const readings: [Reading[], Reading[]] = [[], []];
for (let round = 0; round < Number(values.rounds); round++)
  for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
    readings[which].push(await read(browser, walls[which]));
for (const wall of walls) await wall.close();
await browser.close();
await rm(webFolder, { recursive: true, force: true });

const compared = (key: keyof Reading): Record<string, Summary> => ({
  [`${counts[0]} calls`]: summary(readings[0].map((each) => each[key])),
  [`${counts[1]} calls`]: summary(readings[1].map((each) => each[key])),
  [`${counts[0]} ÷ ${counts[1]}`]: summary(
    readings[0].map((each, round) => each[key] / readings[1][round][key]),
  ),
});
const result = { framesPerSecond: compared('framesPerSecond'), busyShare: compared('busyShare') };
if (values.json) console.log(JSON.stringify(result, null, 2));
else
  for (const [what, found] of Object.entries(result))
    console.log(
      [
        `${what}: median (range)`,
        ...Object.entries(found).map(([name, each]) => `  ${name.padEnd(14)}${summaryText(each)}`),
      ].join('\n'),
    );
