import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkout, stateFolder } from './checkout.mjs';
import { SetUpError } from './set-up-error.mjs';
import { Step } from './step.mjs';
import { buildWorker, recipeFolder } from './worker-build.mjs';
import { downloadWorker } from './worker-download.mjs';

/** The `mediasoup` npm package. */
const mediasoup = join(checkout, 'node_modules', 'mediasoup');
const binaryName = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
/** The worker's exit status when it starts without the environment that mediasoup gives it (its src/main.cpp). */
const exitsWithoutMediasoup = 41;

/**
 * Path of a mediasoup worker that runs on this machine: MEDIASOUP_WORKER_BIN, else the cached one, else upstream's
 * prebuilt one, else one built from the C++ source in the npm package. The last two are kept in the cache.
 *
 * @returns {Promise<string>}
 * @throws {SetUpError}
 */
export async function provideMediasoupWorker() {
  const given = process.env.MEDIASOUP_WORKER_BIN;
  if (given) {
    if (runsHere(given)) return given;
    throw new SetUpError(`MEDIASOUP_WORKER_BIN is set, but ${given} is no mediasoup worker that runs here.`);
  }
  const key = cacheKey();
  const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const cached = join(cacheHome, 'undertone', 'mediasoup-worker', key, binaryName);
  if (runsHere(cached)) return cached;

  const workFolder = join(stateFolder, 'mediasoup-worker', key);
  const step = new Step('Getting the mediasoup worker');
  try {
    let origin = 'prebuilt';
    let binary = await downloadWorker(mediasoup, binaryName, workFolder, step);
    if (!binary || !runsHere(binary)) {
      origin = 'built from source';
      binary = await buildWorker(mediasoup, workFolder, step);
      if (!runsHere(binary))
        throw new SetUpError(`The mediasoup worker was built, but does not start: ${binary}`);
    }
    keep(binary, cached);
    rmSync(workFolder, { recursive: true });
    step.done(origin);
  } catch (error) {
    step.fail();
    throw error;
  }
  return cached;
}

/** @param {string} path */
function runsHere(path) {
  return (
    existsSync(path) && spawnSync(path, [], { env: {}, stdio: 'ignore' }).status === exitsWithoutMediasoup
  );
}

/** One worker for each version of mediasoup and of our recipe, shared by all checkouts of this user. */
function cacheKey() {
  const { version } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8'));
  const recipe = createHash('sha256');
  for (const path of readdirSync(recipeFolder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(txt|h)$/.test(path)) recipe.update(`${path}\n`).update(readFileSync(join(recipeFolder, path)));
  }
  return `${version}-${recipe.digest('hex').slice(0, 12)}`;
}

/**
 * Puts the binary in the cache in one move, so that nobody ever finds half of it there.
 *
 * @param {string} binary
 * @param {string} cached
 */
function keep(binary, cached) {
  mkdirSync(dirname(cached), { recursive: true });
  const arriving = `${cached}.${process.pid}`;
  copyFileSync(binary, arriving);
  renameSync(arriving, cached);
}
