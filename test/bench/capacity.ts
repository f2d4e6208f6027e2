/**
 * How many speakers who talk without a pause does one core carry? Bridge and analyzer as they ship share it; mediasoup's worker and
 * all else have the others. Sought with paced RTP of real speech: the most streams with which nothing is lost, dropped, left
 * waiting or ever later, for `--seconds`. Likewise for pipelines of public packages: `naive` (opusscript at 48 kHz, Meyda, a
 * `layers.gru` for each stream, in TensorFlow.js as it comes), `naive-wasm` (its WebAssembly backend instead) and `strong` (libopus-wasm at
 * 16 kHz, scalar MFCC, one GRU for batches of 256 in WebAssembly); those take their RTP without an SFU, find no silence, follow no
 * pitch, make no points. They take turns, the order turned around every round.
 *
 *   npm run bench -- capacity [--seconds 60] [--rounds 3] [--only=undertone,strong] [--json]
 */
import { parseArgs } from 'node:util';
import { BaselineContender } from './baseline-contender.ts';
import { type Contender, judge, type Verdict } from './contender.ts';
import { PacedSpeech } from './paced-speech.ts';
import { pin, usableCpus } from './pinning.ts';
import { summary, summaryText } from './rounds.ts';
import { UndertoneContender } from './undertone-contender.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'undertone,strong,naive-wasm,naive' },
    json: { type: 'boolean', default: false },
  },
});

/** A search ends when what holds and what doesn't are this near, or after so many trials. */
const nearEnough = 1.04;
const maxTrials = 10;
/** Trials of one search that are made again because of what else the machine did. */
const maxSpoiled = 3;
/** A core this busy is at its end. */
const fullLoad = 0.93;
const settleMs = 4_000;
/** What an overload has left in the sockets is read meanwhile. */
const drainMs = 2_000;
const firstStreams: Record<string, number> = { undertone: 100, strong: 100, 'naive-wasm': 10, naive: 2 };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cpus = usableCpus();
const measured = cpus.slice(-1);
const rest = cpus.length > 1 ? cpus.slice(0, -1) : cpus;
pin(process.pid, rest);
const speech = new PacedSpeech(rest);

function start(name: string): Promise<Contender> {
  if (name === 'undertone') return UndertoneContender.start({ bridge: measured, analyzer: measured, rest });
  if (name === 'naive' || name === 'naive-wasm' || name === 'strong')
    return Promise.resolve(new BaselineContender(name, measured));
  throw new Error(`--only may name undertone, strong, naive and naive-wasm, not ${name}`);
}

async function trial(contender: Contender, streams: number): Promise<Verdict> {
  const targets = await contender.resize(streams);
  await speech.sendTo(targets);
  await sleep(settleMs);
  const before = await contender.read();
  const startMs = performance.now();
  const { sent: sentBefore } = await speech.sendTo(targets);
  await sleep(Number(values.seconds) * 1_000);
  const after = await contender.read();
  const elapsedMs = performance.now() - startMs;
  const { sent, latestMs } = await speech.sendTo(targets);
  const verdict = judge(streams, before, after, { sent: sent - sentBefore, latestMs }, elapsedMs);
  if (!values.json)
    console.log(
      `  ${contender.name.padEnd(10)}${String(streams).padStart(5)} streams, ${(100 * verdict.load).toFixed(0).padStart(3)} % of the core, ${verdict.microsPerStreamSecond.toFixed(0)} µs a stream and second, ${(100 * verdict.judgedShare).toFixed(0)} % speech, lag ${verdict.lagMs.toFixed(0)} ms: ${verdict.failure ?? 'kept up'}${verdict.spoiled ? ', but the machine was too busy' : ''}`,
    );
  return verdict;
}

/** The largest trial that kept up. @throws Error if none did */
async function search(contender: Contender): Promise<Verdict> {
  let best: Verdict | null = null;
  let tooMany = Number.POSITIVE_INFINITY;
  let spoiled = 0;
  let streams = firstStreams[contender.name]!;
  for (let n = 0; n < maxTrials; n++) {
    const verdict = await trial(contender, streams);
    if (verdict.spoiled && spoiled++ < maxSpoiled) continue;
    if (verdict.failure === null) best = verdict;
    else {
      tooMany = streams;
      await speech.sendTo([]);
      await contender.resize(0);
      await sleep(drainMs);
    }
    const held: number = best?.streams ?? 0;
    if (tooMany - held <= 1 || tooMany <= nearEnough * held) break;
    const guess: number = best === null ? tooMany / 2 : (held * fullLoad) / best.load;
    // The load tells where the end is; near it, halving does.
    const inside = guess > 1.02 * held && guess < 0.98 * tooMany;
    const next = inside ? guess : tooMany === Number.POSITIVE_INFINITY ? 1.06 * held : (held + tooMany) / 2;
    streams = Math.max(held + 1, Math.min(tooMany - 1, Math.round(next)));
  }
  await speech.sendTo([]);
  if (best === null) throw new Error(`${contender.name} kept up with no number of streams`);
  return best;
}

const names = values.only.split(',');
const found = new Map<string, Verdict[]>(names.map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const contender = await start(name);
    try {
      found.get(name)!.push(await search(contender));
    } finally {
      await contender.close();
    }
  }
}
speech.close();

const streamsOf = (name: string) => found.get(name)?.map(({ streams }) => streams) ?? [];
const ratio = (name: string) => {
  const others = streamsOf(name);
  return summary(streamsOf('undertone').map((streams, round) => streams / (others[round] ?? Number.NaN)));
};
const spread = {
  streamsPerCore: summary(streamsOf('undertone')),
  vsNaive: ratio('naive'),
  vsNaiveWasm: ratio('naive-wasm'),
  vsStrong: ratio('strong'),
};
if (values.json) {
  const result = {
    streamsPerCore: spread.streamsPerCore.median,
    vsNaive: spread.vsNaive.median,
    vsNaiveWasm: spread.vsNaiveWasm.median,
    vsStrong: spread.vsStrong.median,
    spread,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    pinnedTo: measured,
    trials: Object.fromEntries(found),
  };
  console.log(JSON.stringify(result, null, 2));
} else {
  console.log(`${values.rounds} rounds, ${values.seconds} s a trial: median (range)`);
  for (const name of names)
    console.log(`  ${name.padEnd(10)}${summaryText(summary(streamsOf(name)))} streams a core`);
  console.log(`  undertone ÷ naive   ${summaryText(spread.vsNaive)}`);
  console.log(`  undertone ÷ naive-wasm  ${summaryText(spread.vsNaiveWasm)}`);
  console.log(`  undertone ÷ strong  ${summaryText(spread.vsStrong)}`);
}
