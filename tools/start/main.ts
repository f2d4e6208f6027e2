/**
 * Starts Undertone on this machine and keeps it running until Ctrl-C: `npm start`, through tools/start.mjs, which has
 * set everything up by now.
 */
import { parseArgs } from 'node:util';
import { logFolder } from '../setup/checkout.mjs';
import { onParentGone } from '../setup/parent-watch.mjs';
import { SetUpError } from '../setup/set-up-error.mjs';
import { Step } from '../setup/step.mjs';
import { buildIfChanged } from './build.ts';
import { localWorld } from './local-world.ts';
import type { Part } from './part.ts';
import { PartLog, warningIn } from './part-log.ts';
import { PartFailure, PartSupervisor } from './part-supervisor.ts';
import { planUndertone } from './plan.ts';
import { occupiedPorts } from './ports.ts';

const usage = `npm start [-- OPTIONS]
  --no-demo        do not play the demo call
  --profile NAME   who is analysed: customer-only (default without the demo call) or demo`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    demo: { type: 'boolean', default: true },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}

const plan = planUndertone(process.env, { demo: values.demo, profile: values.profile ?? null });
const logs = new Map<Part, PartLog>();
const supervisors: PartSupervisor[] = [];
/** Warnings are shown while it runs: parts that are not all there yet, or not any more, complain of one another. */
let running = false;
let stopping = false;

const world = localWorld((part, line) => {
  logs.get(part)?.write(line);
  const warning = warningIn(line);
  if (warning && running) console.log(`[${part.name}] ${warning}`);
});

function startPart(part: Part): Promise<void> {
  logs.set(part, new PartLog(logFolder, part.name));
  const supervisor = new PartSupervisor(part, world, onCrash);
  supervisors.push(supervisor);
  return supervisor.start();
}

function onCrash(part: Part, outcome: string, restartMs: number | null): void {
  if (restartMs === null) {
    void fail(`The ${part.name} keeps crashing (${outcome}): giving up.${logOf(part)}`);
  } else {
    console.log(
      `The ${part.name} ended with ${outcome}. Starting it again in ${restartMs / 1000} s. Its log: ${logs.get(part)?.path}`,
    );
  }
}

function logOf(part: Part): string {
  const log = logs.get(part);
  return log ? `\n\n${log.tail}\n\nThe whole log: ${log.path}` : '';
}

async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  running = false;
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  process.exit(exitCode);
}

async function fail(message: string): Promise<void> {
  if (!stopping) console.error(`\n${message}\n`);
  await stop(1);
}

async function start(): Promise<void> {
  const occupied = await occupiedPorts(process.env);
  if (occupied.length > 0) throw new SetUpError(occupied.join('\n'));
  await buildIfChanged();
  const step = new Step('Starting');
  try {
    await Promise.all(plan.apps.map(startPart));
    if (plan.demoCall) await startPart(plan.demoCall);
  } catch (error) {
    step.fail();
    throw error;
  }
  step.done();
  running = true;
  console.log(`
  Undertone is running${plan.demoCall ? ' and plays the demo call' : ''}.

    Dashboard   ${plan.dashboardUrl}
    Join page   ${plan.joinUrl}

  Logs are in ${logFolder}. Ctrl-C stops everything.
`);
}

function stopAsAsked(): void {
  if (!stopping) console.log('\nStopping.');
  void stop(0);
}

process.on('SIGINT', () => {
  // Ctrl-C for the second time: no more patience.
  if (stopping) for (const supervisor of supervisors) supervisor.kill();
  stopAsAsked();
});
process.on('SIGTERM', stopAsAsked);
process.on('SIGHUP', stopAsAsked);
onParentGone(stopAsAsked);
// A terminal that was closed takes no more lines; that must not keep the parts from being stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
start().catch((error: unknown) => {
  if (error instanceof PartFailure) return fail(`${error.message}${logOf(error.part)}`);
  if (error instanceof SetUpError) return fail(error.message);
  throw error;
});
