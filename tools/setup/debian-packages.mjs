import { spawnSync } from 'node:child_process';
import { runLogged } from './logged-command.mjs';
import { SetUpError } from './set-up-error.mjs';

/** Whether Debian's package tools are here (Debian, Ubuntu and their kin). */
export const onDebian = spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * Installs the Debian packages that are missing; as a user other than root, stops and says which command to run.
 *
 * @param {string[]} names
 * @param {string} purpose what they are for, as in "to build the mediasoup worker"
 * @throws {SetUpError}
 */
export async function provideDebianPackages(names, purpose) {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new SetUpError(
      `${missing.length === 1 ? 'A system package is' : 'System packages are'} missing ${purpose}. ` +
        `Run this, then the same command again:\n\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const failure = `Debian packages ${purpose} could not be installed: ${missing.join(' ')}`;
  await runLogged('apt-get', ['update'], { log: 'apt-get-update', env, failure });
  await runLogged('apt-get', ['install', '-y', '--no-install-recommends', ...missing], {
    log: 'apt-get-install',
    env,
    failure,
  });
}

/** @param {string} name */
function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return query.status === 0 && /^Status: .* installed$/m.test(query.stdout);
}
