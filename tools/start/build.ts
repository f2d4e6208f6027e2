import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, stateFolder } from '../setup/checkout.mjs';
import { runLogged } from '../setup/logged-command.mjs';
import { Step } from '../setup/step.mjs';

const sources = [
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig*.json',
  '{apps,libs}/*/*.{json,css}',
  '{apps,libs}/*/vite.config.ts',
  '{apps,libs}/*/{src,web}/**',
];
const outputs = ['sfu-bridge', 'analyzer', 'dashboard'].map((app) => `apps/${app}/dist/main.js`);

/** Runs `npm run build` unless the last build was of these very sources. @throws SetUpError */
export async function buildIfChanged(): Promise<void> {
  const stampPath = join(stateFolder, 'built-sources');
  const hash = sourceHash();
  const built = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
  if (hash === built && outputs.every((path) => existsSync(join(checkout, path)))) return;

  const step = new Step('Building');
  try {
    await runLogged('npm', ['run', 'build'], { log: 'build', failure: 'The build failed' });
  } catch (error) {
    step.fail();
    throw error;
  }
  writeFileSync(stampPath, hash);
  step.done();
}

/** Tests do not count: they are no part of the build. */
function sourceHash(): string {
  const hash = createHash('sha256');
  for (const entry of globSync(sources, { cwd: checkout, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.spec.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
