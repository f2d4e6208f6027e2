/**
 * Does memory grow? Bridge and analyzer as they ship, paced RTP of real speech; every ten seconds garbage is collected and the memory
 * read. Prints the slope of the least squares and its standard error, the first fifth left out: a slope of less than two
 * errors is within the noise.
 *
 *   npm run bench -- soak [--minutes 10] [--speakers 50] [--json]
 */
import { parseArgs } from 'node:util';
import { PacedSpeech } from './paced-speech.ts';
import { usableCpus } from './pinning.ts';
import type { ProbeReading } from './process-probe.ts';
import { UndertoneContender } from './undertone-contender.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    speakers: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
});
const everyMs = 10_000;
const leftOutShare = 0.2;
const measures = ['heapBytes', 'externalBytes', 'rssBytes'] as const;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Slope {
  kilobytesPerMinute: number;
  standardError: number;
  withinNoise: boolean;
  megabytes: number;
}

/** Least squares of bytes against minutes. */
function slopeOf(bytes: readonly number[], minutes: readonly number[]): Slope {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const [meanX, meanY] = [mean(minutes), mean(bytes)];
  const spreadX = minutes.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  const slope = minutes.reduce((sum, x, i) => sum + (x - meanX) * (bytes[i]! - meanY), 0) / spreadX;
  const residual = bytes.reduce((sum, y, i) => sum + (y - meanY - slope * (minutes[i]! - meanX)) ** 2, 0);
  const error = Math.sqrt(residual / (bytes.length - 2) / spreadX);
  return {
    kilobytesPerMinute: slope / 1_024,
    standardError: error / 1_024,
    withinNoise: slope < 2 * error,
    megabytes: meanY / 1_048_576,
  };
}

const cpus = usableCpus();
const speech = new PacedSpeech(cpus);
const contender = await UndertoneContender.start({ bridge: cpus, analyzer: cpus, rest: cpus });
const parts = { bridge: contender.processes.bridge, analyzer: contender.processes.analyzer };
const readings: Record<keyof typeof parts, ProbeReading[]> = { bridge: [], analyzer: [] };
const minutes: number[] = [];
await speech.sendTo(await contender.resize(Number(values.speakers)));
const startMs = performance.now();
const endMs = startMs + Number(values.minutes) * 60_000;
while (performance.now() < endMs) {
  await sleep(everyMs);
  minutes.push((performance.now() - startMs) / 60_000);
  for (const name of ['bridge', 'analyzer'] as const)
    readings[name].push(await parts[name].read('collect-and-read'));
}
const { missed, dropped } = await contender.read();
await contender.close();
speech.close();

const from = Math.floor(leftOutShare * minutes.length);
if (minutes.length - from < 4) throw new Error('too short: at least a minute is needed for a slope');
const result = Object.fromEntries(
  (['bridge', 'analyzer'] as const).map((name) => [
    name,
    Object.fromEntries(
      measures.map((measure) => [
        measure,
        slopeOf(
          readings[name].slice(from).map((reading) => reading[measure]),
          minutes.slice(from),
        ),
      ]),
    ),
  ]),
);
if (values.json) {
  console.log(JSON.stringify({ ...result, missed, dropped, minutes: Number(values.minutes) }, null, 2));
} else {
  console.log(
    `${values.speakers} speakers, ${values.minutes} minutes; ${missed} packets missed, ${dropped} steps dropped`,
  );
  for (const [name, slopes] of Object.entries(result)) {
    for (const [measure, { megabytes, kilobytesPerMinute, standardError, withinNoise }] of Object.entries(
      slopes,
    ))
      console.log(
        `  ${name.padEnd(10)}${measure.padEnd(15)}${megabytes.toFixed(1).padStart(7)} MB  ${kilobytesPerMinute.toFixed(1).padStart(8)} ± ${standardError.toFixed(1)} kB a minute${withinNoise ? '' : '  GROWS'}`,
      );
  }
}
