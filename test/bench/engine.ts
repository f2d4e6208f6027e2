/**
 * How long does a step of a batch take on each engine of this machine, and how many speakers is that? Parity with the CPU engine
 * first (greatest difference of outputs and state after some steps), then the step time by batch size; the engines take turns. The time
 * is CPU time on the CPU, so that other work on the machine does not count, and time that passes on a GPU. Streams: speakers whose steps
 * of 40 ms one core, or one GPU, could do if it did nothing else.
 *
 *   npm run bench -- engine [--engines=onnx,webgpu] [--speakers=1,32,1024] [--model=DIR] [--rounds 9] [--turn-ms 250] [--json]
 */
import { parseArgs } from 'node:util';
import {
  createEngine,
  type EmotionEngine,
  type EmotionModel,
  type EngineKind,
  engineKinds,
  loadModel,
  ModelError,
  pretrainedFolder,
  type StepBatch,
} from '@undertone/models';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { type Summary, summary } from './rounds.ts';

const { values } = parseArgs({
  options: {
    engines: { type: 'string' },
    speakers: { type: 'string', default: '1,8,32,128,256,512,1024' },
    model: { type: 'string', default: pretrainedFolder },
    rounds: { type: 'string', default: '9' },
    'turn-ms': { type: 'string', default: '250' },
    json: { type: 'boolean', default: false },
  },
});
const asked = values.engines?.split(',') ?? engineKinds;
const unknown = asked.filter((kind) => !engineKinds.some((known) => known === kind));
if (unknown.length > 0) throw new Error(`no engine ${unknown}; there are: ${engineKinds.join(', ')}`);
const batchSizes = values.speakers.split(',').map(Number);
if (!batchSizes.every((speakers) => Number.isInteger(speakers) && speakers > 0))
  throw new Error('--speakers takes whole numbers, such as 1,32,1024');

/** What every engine is compared with. */
const usual = 'onnx';
const paritySteps = 5;
const model = await loadModel(values.model);
const text = ({ median, low, high }: Summary) => {
  const [middle, ...range] = [median, low, high].map((number) => Number(number.toPrecision(3)));
  return `${middle} (${range.join('–')})`;
};
const log = (line: string) => values.json || console.log(line);

interface Turn {
  /** Of one step. */
  passedMicroseconds: number;
  cpuMicroseconds: number;
}

interface Measured {
  /** Step time: CPU time on the CPU, time that passes on a GPU. */
  microseconds: Summary;
  passedMicroseconds: Summary;
  cpuMicroseconds: Summary;
  /** Speakers × 40 ms ÷ step time. */
  streams: Summary;
  /** Step time of the CPU engine ÷ own, within each round: how many times as fast as a core. */
  speedup?: Summary;
}

function randomBatch(speakers: number): StepBatch {
  const random = new SeededRandom(3);
  const state = new Float32Array(speakers * model.stateSize);
  for (let n = 0; n < speakers; n++) state.set(model.initialState(), n * model.stateSize);
  return {
    steps: 1,
    speakers,
    features: Float32Array.from({ length: speakers * model.stepFeatureCount }, () => random.normal()),
    state,
    outputs: new Float32Array(speakers * model.outputCount),
  };
}

/** Greatest difference of an output or a state, after steps that each engine carries on from its own. */
async function difference(engine: EmotionEngine, other: EmotionEngine, speakers: number): Promise<number> {
  const [own, expected] = [randomBatch(speakers), randomBatch(speakers)];
  for (let step = 0; step < paritySteps; step++) {
    await engine.step(own);
    await other.step(expected);
  }
  let greatest = 0;
  for (const part of ['outputs', 'state'] as const)
    for (let i = 0; i < own[part].length; i++) {
      const each = Math.abs(own[part][i] - expected[part][i]);
      // A NaN must show too.
      if (!(each <= greatest)) greatest = each;
    }
  return greatest;
}

async function turn(engine: EmotionEngine, batch: StepBatch): Promise<Turn> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  let steps = 0;
  do {
    await engine.step(batch);
    steps++;
  } while (performance.now() < startMs + Number(values['turn-ms']));
  const passedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { passedMicroseconds: (1_000 * passedMs) / steps, cpuMicroseconds: (user + system) / steps };
}

const isOnGpu = ({ name }: EmotionEngine) => name.startsWith('webgpu-') || name.endsWith('-gpu');
const stepTimes = (engine: EmotionEngine, turns: Turn[]): number[] =>
  turns.map((each) => (isOnGpu(engine) ? each.passedMicroseconds : each.cpuMicroseconds));

async function compared(
  engines: ReadonlyMap<EngineKind, EmotionEngine>,
  speakers: number,
): Promise<Record<string, Measured>> {
  const runs = Array.from(engines.values(), (engine) => ({
    engine,
    batch: randomBatch(speakers),
    turns: [] as Turn[],
  }));
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const { engine, batch, turns } of round % 2 === 0 ? runs : runs.toReversed()) {
      const taken = await turn(engine, batch);
      if (round >= 0) turns.push(taken);
    }
  }
  const [first] = runs;
  const usualTimes = stepTimes(first.engine, first.turns);
  const measured = runs.map(({ engine, turns }): [string, Measured] => {
    const times = stepTimes(engine, turns);
    return [
      engine.name,
      {
        microseconds: summary(times),
        passedMicroseconds: summary(turns.map(({ passedMicroseconds }) => passedMicroseconds)),
        cpuMicroseconds: summary(turns.map(({ cpuMicroseconds }) => cpuMicroseconds)),
        streams: summary(times.map((time) => Math.floor((1_000 * speakers * model.stepMs) / time))),
        ...(engine !== first.engine && { speedup: summary(times.map((time, i) => usualTimes[i] / time)) }),
      },
    ];
  });
  return Object.fromEntries(measured);
}

async function open(model: EmotionModel): Promise<{
  engines: Map<EngineKind, EmotionEngine>;
  refused: Record<string, string>;
}> {
  const engines = new Map([[usual as EngineKind, await createEngine(model, usual)]]);
  const refused: Record<string, string> = {};
  for (const kind of engineKinds.filter((each) => each !== usual && asked.includes(each))) {
    try {
      engines.set(kind, await createEngine(model, kind));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      // What was asked for by name must run.
      if (values.engines !== undefined) {
        console.error(error.message);
        process.exit(1);
      }
      refused[kind] = error.message;
      log(`${kind}: ${error.message}`);
    }
  }
  return { engines, refused };
}

const { engines, refused } = await open(model);
const parity: Record<string, Record<number, number>> = {};
for (const [kind, engine] of engines) {
  if (kind === usual) continue;
  parity[engine.name] = {};
  for (const speakers of batchSizes)
    parity[engine.name][speakers] = await difference(engine, engines.get(usual)!, speakers);
  log(
    `${engine.name}: greatest difference from the CPU engine ${Math.max(...Object.values(parity[engine.name])).toExponential(1)}`,
  );
}
const steps: Record<number, Record<string, Measured>> = {};
for (const speakers of batchSizes) {
  steps[speakers] = await compared(engines, speakers);
  log(`\n${speakers} speakers: median (range)`);
  for (const [name, { microseconds, streams, speedup }] of Object.entries(steps[speakers])) {
    const faster = speedup ? `, ${text(speedup)} times as fast as a core` : '';
    log(`  ${name.padEnd(16)}${text(microseconds)} µs a step, ${streams.median} streams${faster}`);
  }
}
for (const engine of engines.values()) await engine.close();
if (values.json) console.log(JSON.stringify({ model: model.manifest.name, parity, refused, steps }, null, 2));
