import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './checkout.mjs';
import { SetUpError } from './set-up-error.mjs';

const neededMajor = 24;

/**
 * Path of the Node that runs Undertone: the one pinned as an npm package for this platform, else this machine's own.
 *
 * @throws {SetUpError} when neither is new enough
 */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const pinned = join(
    checkout,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (process.execPath === pinned) return pinned;
  // It is there but does not start where the C library is not glibc (Alpine).
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath;
  throw new SetUpError(
    `Undertone needs Node ${neededMajor}, and this is Node ${process.versions.node}.\n` +
      `On most systems it comes with the dependencies, but ${name} is not there or does not run here.\n` +
      `Install Node ${neededMajor} or newer (nodejs.org), then run the same command again.`,
  );
}
