/**
 * Runs benchmarks by name, each in a process of its own; all of them without a name.
 *
 *   npm run bench [-- NAME …] [--json] [options of a single benchmark]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { provideMediasoupWorker } from '../../tools/setup/mediasoup-worker.mjs';
import { buildIfChanged } from '../../tools/start/build.ts';

/** See docs/performance.md. */
const benchmarks = [
  'capacity',
  'scaling',
  'latency',
  'event-loop',
  'mfcc',
  'decode',
  'engine',
  'allocations',
  'precision',
  'transport',
  'tap',
  'wall',
  'soak',
];
/** Those that need a mediasoup worker, and those that run the apps as they are built. */
const withWorker = ['capacity', 'latency', 'event-loop', 'soak', 'transport', 'tap'];
const withBuild = ['capacity', 'latency', 'event-loop', 'soak'];
/** What Node is asked for besides: `allocations` must see none collected, whoever asks. */
const nodeOptions: Record<string, string[]> = {
  allocations: [
    '--expose-gc',
    '--no-incremental-marking',
    '--min-semi-space-size=256',
    '--max-semi-space-size=256',
  ],
};

const { positionals, tokens } = parseArgs({ allowPositionals: true, strict: false, tokens: true });
const json = tokens.some((token) => token.kind === 'option' && token.name === 'json');
const names = positionals.filter((each) => !/^\d/.test(each));
const options = process.argv.slice(2).filter((each) => !names.includes(each));

const unknown = names.filter((name) => !benchmarks.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${benchmarks.join(', ')}`);
  process.exit(2);
}

const env = { ...process.env };
const chosen = names.length > 0 ? names : benchmarks;
if (chosen.some((name) => withWorker.includes(name)))
  env.MEDIASOUP_WORKER_BIN = await provideMediasoupWorker();
if (chosen.some((name) => withBuild.includes(name))) await buildIfChanged();

const results: Record<string, unknown> = {};
for (const name of chosen) {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=source', ...(nodeOptions[name] ?? []), script, ...options],
    {
      stdio: ['inherit', json ? 'pipe' : 'inherit', 'inherit'],
      encoding: 'utf8',
      env,
    },
  );
  if (status !== 0) {
    console.error(`the benchmark ${name} failed`);
    process.exit(1);
  }
  if (json) results[name] = JSON.parse(stdout);
}
if (json) console.log(JSON.stringify(results, null, 2));
