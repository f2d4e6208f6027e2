import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onDebian, provideDebianPackages } from './debian-packages.mjs';
import { SetUpError } from './set-up-error.mjs';
import { Step } from './step.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Path of a Chromium or Chrome for the browser tests: CHROMIUM_PATH, else one that is installed, else Debian's.
 *
 * @returns {Promise<string>}
 * @throws {SetUpError} when there is none and it cannot be installed
 */
export async function provideChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isExecutable(given)) return given;
    throw new SetUpError(`CHROMIUM_PATH is set, but ${given} is not a program.`);
  }
  const found = installedChromium();
  if (found) return found;
  if (!onDebian) {
    throw new SetUpError(
      'The browser tests need Chromium or Chrome: install one, or set CHROMIUM_PATH to its program.',
    );
  }
  const step = new Step('Installing Chromium for the browser tests');
  try {
    await provideDebianPackages(['chromium'], 'for the browser tests');
  } catch (error) {
    step.fail();
    throw error;
  }
  step.done();
  const installed = installedChromium();
  if (installed) return installed;
  throw new SetUpError('The package chromium is installed, but brought no such program: set CHROMIUM_PATH.');
}

function installedChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...macApplications].find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
