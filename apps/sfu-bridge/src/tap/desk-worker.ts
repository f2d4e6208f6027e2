// Worker thread of desk-thread.ts: a desk of its own, asked by messages.
import { parentPort, workerData } from 'node:worker_threads';
import { type DeskConfig, setUpDesk } from './desk-setup.ts';
import { type DeskStatus, readLink } from './desk-status.ts';
import type { DeskAnswer, DeskLine, DeskQuestion } from './desk-thread.ts';

/** Ticks that nobody asked about for so long are forgotten: more than a minute's. */
const maxTicks = 4_096;

const config = workerData as DeskConfig;
const port = parentPort!;
let tickMs: number[] = [];
// The process has one log: lines are written in the main thread.
const write =
  (level: DeskLine['level']) =>
  (...line: unknown[]): void =>
    port.postMessage({ level, line } satisfies DeskLine);
const log = { debug: write('debug'), info: write('info'), warn: write('warn') };
const { desk, counters, link } = setUpDesk(config, Date.now, log, (ms) => {
  if (tickMs.length < maxTicks) tickMs.push(ms);
});

port.on('message', async ({ id, method, args }: DeskQuestion) => {
  let answer: DeskAnswer;
  try {
    const value =
      method === 'status' ? status() : await (desk[method] as (...args: unknown[]) => unknown)(...args);
    answer = { id, value };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    answer = { id, error: { message, ...(code !== undefined && { code }) } };
  }
  if (id > 0) port.postMessage(answer);
  if (method === 'close') port.close();
});

function status(): DeskStatus {
  const ticks = tickMs;
  tickMs = [];
  return { counters, link: readLink(link), behindMs: desk.behindMs, tickMs: ticks };
}
