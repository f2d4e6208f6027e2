/**
 * Runs benchmarks by name, each in a process of its own; all of them without a name.
 *
 *   npm run bench [-- NAME …] [--json] [options of a single benchmark]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { provideMediasoupWorker } from '../../tools/setup/mediasoup-worker.mjs';

/** See docs/performance.md. */
const benchmarks = ['transport', 'mfcc', 'decode', 'precision', 'engine', 'tap'];

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
if (names.length === 0 || names.includes('transport') || names.includes('tap'))
  env.MEDIASOUP_WORKER_BIN = await provideMediasoupWorker();

const results: Record<string, unknown> = {};
for (const name of names.length > 0 ? names : benchmarks) {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=source', script, ...options], {
    stdio: ['inherit', json ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
    env,
  });
  if (status !== 0) {
    console.error(`the benchmark ${name} failed`);
    process.exit(1);
  }
  if (json) results[name] = JSON.parse(stdout);
}
if (json) console.log(JSON.stringify(results, null, 2));
