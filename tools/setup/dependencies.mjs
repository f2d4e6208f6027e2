import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './checkout.mjs';
import { runLogged } from './logged-command.mjs';
import { Step } from './step.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, optional?: boolean }} LockedPackage
 */

/** Runs `npm ci` unless `node_modules` is what package-lock.json asks for. */
export async function provideDependencies() {
  if (dependenciesAreInstalled()) return;
  const step = new Step('Installing dependencies');
  try {
    // `--loglevel=error`: engine warnings are about this machine's Node, not the one that will run the packages.
    await runLogged('npm', ['ci', '--loglevel=error'], {
      log: 'npm-ci',
      failure: 'Dependencies could not be installed',
    });
  } catch (error) {
    step.fail();
    throw error;
  }
  step.done();
}

/** npm notes in node_modules/.package-lock.json what it has installed, whoever ran it; no stamp of our own is needed. */
function dependenciesAreInstalled() {
  try {
    return installedAsLocked(
      lockedPackages('package-lock.json'),
      lockedPackages('node_modules/.package-lock.json'),
    );
  } catch {
    return false;
  }
}

/**
 * Whether everything that the lockfile asks for is there in its version. Optional packages may be missing: most are for
 * other platforms.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 */
export function installedAsLocked(locked, installed) {
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const present = installed[path];
    if (!present) return wanted.optional === true;
    if (present.version !== wanted.version) return false;
    // tools/complete-lockfile.mjs adds packages whose integrity it cannot know.
    return wanted.integrity === undefined || present.integrity === wanted.integrity;
  });
}

/**
 * @param {string} path
 * @returns {Record<string, LockedPackage>}
 */
function lockedPackages(path) {
  return JSON.parse(readFileSync(join(checkout, path), 'utf8')).packages;
}
