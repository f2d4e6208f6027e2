// Preloaded into a process that a benchmark measures (`node --import`): tells what it has used. See probed-process.ts.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What the process has used since it began; the loop's delays are those since the last reading. */
export interface ProbeReading {
  cpuMs: number;
  rssBytes: number;
  heapBytes: number;
  externalBytes: number;
  loopP50Ms: number;
  loopP99Ms: number;
}

/** Collects garbage before it reads the memory, if the process was started with `--expose-gc`. */
export type ProbeRequest = 'read' | 'collect-and-read';

const resolutionMs = 1;
const loop = monitorEventLoopDelay({ resolution: resolutionMs });
loop.enable();
// What is measured is how much later than asked the timer fires.
const delayMs = (quantile: number) => Math.max(0, loop.percentile(100 * quantile) / 1e6 - resolutionMs);

process.on('message', (request: unknown) => {
  // Other messages are for what runs here.
  if (request !== 'read' && request !== 'collect-and-read') return;
  if (request === 'collect-and-read') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const reading: ProbeReading = {
    cpuMs: (user + system) / 1_000,
    rssBytes: rss,
    heapBytes: heapUsed,
    externalBytes: external,
    loopP50Ms: delayMs(0.5),
    loopP99Ms: delayMs(0.99),
  };
  loop.reset();
  process.send?.(reading);
});
// The channel alone must not keep the process alive.
process.channel?.unref();
