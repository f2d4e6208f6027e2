import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkout } from './checkout.mjs';
import { onDebian, provideDebianPackages } from './debian-packages.mjs';
import { runLogged } from './logged-command.mjs';
import { SetUpError } from './set-up-error.mjs';

/** Our way of building the worker: a CMakeLists.txt and two headers. */
export const recipeFolder = join(checkout, 'tools', 'mediasoup-worker');

const debianPackages = [
  'g++',
  'make',
  'cmake',
  'flatbuffers-compiler',
  'libflatbuffers-dev',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
];

/**
 * Builds the worker from the C++ source in the npm package (about 4 minutes on 2 cores). A build that was broken off
 * goes on where it stopped, if it is given the same work folder.
 *
 * @param {string} mediasoup folder of the npm package
 * @param {string} workFolder
 * @param {import('./step.mjs').Step} step
 * @returns {Promise<string>} path of the binary
 * @throws {SetUpError}
 */
export async function buildWorker(mediasoup, workFolder, step) {
  if (process.platform === 'win32') {
    throw new SetUpError(
      'No prebuilt mediasoup worker could be downloaded, and on Windows it is not built from source: use WSL.',
    );
  }
  step.update('no prebuilt one here, building it from source');
  if (onDebian) await provideDebianPackages(debianPackages, 'to build the mediasoup worker');

  const buildFolder = join(workFolder, 'build');
  const needed =
    'The mediasoup worker could not be built. It needs a C++20 compiler, make, CMake 3.20 or newer, flatc, and the headers ' +
    'of FlatBuffers, libuv, OpenSSL 3 and libsrtp 2';
  await runLogged(
    'cmake',
    ['-S', recipeFolder, '-B', buildFolder, `-DWORKER_SOURCE=${join(mediasoup, 'worker')}`],
    { log: 'mediasoup-worker-configure', failure: needed },
  );
  await runLogged('cmake', ['--build', buildFolder, '--parallel', String(availableParallelism())], {
    log: 'mediasoup-worker-build',
    failure: needed,
    onLine(line) {
      const percent = /^\[ *(\d+)%\]/.exec(line)?.[1];
      if (percent) step.update(`building it from source  ${percent} %`);
    },
  });
  return join(buildFolder, 'mediasoup-worker');
}
