/**
 * How late do timers fire where bridge and analyzer carry four fifths of what they can? Both as they ship, paced RTP of real speech; a
 * core each where there are four, else one together. Four fifths: as many streams as keep the busier core at 0.8 × 0.93 of its time,
 * 0.93 being what `capacity` finds a core good for.
 *
 *   npm run bench -- event-loop [--streams N] [--seconds 30] [--rounds 3] [--json]
 */
import { parseArgs } from 'node:util';
import { PacedSpeech } from './paced-speech.ts';
import { pin, usableCpus } from './pinning.ts';
import { summary, summaryText } from './rounds.ts';
import { UndertoneContender } from './undertone-contender.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const wantedLoad = 0.8 * 0.93;
const firstStreams = 100;
const settleMs = 4_000;
const trialMs = 5_000;
const corrections = 3;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cpus = usableCpus();
const apart = cpus.length >= 4;
const bridge = cpus.slice(-1);
const analyzer = apart ? cpus.slice(-2, -1) : bridge;
const rest = cpus.length > 1 ? cpus.slice(0, apart ? -2 : -1) : cpus;
pin(process.pid, rest);
const speech = new PacedSpeech(rest);
const contender = await UndertoneContender.start({ bridge, analyzer, rest });
const { processes } = contender;

interface Reading {
  load: number;
  bridgeP99Ms: number;
  analyzerP99Ms: number;
}

async function during(ms: number): Promise<Reading> {
  const [bridgeBefore, analyzerBefore] = [await processes.bridge.read(), await processes.analyzer.read()];
  const startMs = performance.now();
  await sleep(ms);
  const [bridgeAfter, analyzerAfter] = [await processes.bridge.read(), await processes.analyzer.read()];
  const elapsedMs = performance.now() - startMs;
  const bridgeLoad = (bridgeAfter.cpuMs - bridgeBefore.cpuMs) / elapsedMs;
  const analyzerLoad = (analyzerAfter.cpuMs - analyzerBefore.cpuMs) / elapsedMs;
  return {
    load: apart ? Math.max(bridgeLoad, analyzerLoad) : bridgeLoad + analyzerLoad,
    bridgeP99Ms: bridgeAfter.loopP99Ms,
    analyzerP99Ms: analyzerAfter.loopP99Ms,
  };
}

async function carry(streams: number): Promise<void> {
  await speech.sendTo(await contender.resize(streams));
  await sleep(settleMs);
}

let streams = Number(values.streams ?? firstStreams);
await carry(streams);
for (let n = 0; n < corrections && values.streams === undefined; n++) {
  const { load } = await during(trialMs);
  streams = Math.round((streams * wantedLoad) / load);
  await carry(streams);
}
const readings: Reading[] = [];
for (let round = 0; round < Number(values.rounds); round++)
  readings.push(await during(Number(values.seconds) * 1_000));
await contender.close();
speech.close();

const load = summary(readings.map((reading) => reading.load));
const bridgeP99 = summary(readings.map((reading) => reading.bridgeP99Ms));
const analyzerP99 = summary(readings.map((reading) => reading.analyzerP99Ms));
if (values.json) {
  const result = {
    bridgeP99Ms: bridgeP99.median,
    analyzerP99Ms: analyzerP99.median,
    streams,
    apart,
    spread: { load, bridgeP99, analyzerP99 },
  };
  console.log(JSON.stringify(result, null, 2));
} else {
  console.log(
    `${streams} streams, ${apart ? 'a core each' : 'one core for both'}, ${values.rounds} rounds of ${values.seconds} s: median (range)`,
  );
  console.log(`  load          ${summaryText(load)}`);
  console.log(`  bridge p99    ${summaryText(bridgeP99)} ms\n  analyzer p99  ${summaryText(analyzerP99)} ms`);
}
