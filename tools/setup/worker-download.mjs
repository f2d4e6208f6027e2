import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';

/** A closed network may swallow packets instead of refusing them: give up soon, there is another way. */
const answerMs = 5_000;
const transferMs = 120_000;

/**
 * Downloads the prebuilt worker that mediasoup's maintainers publish for this platform, from where mediasoup's own
 * install script (npm-scripts.mjs) takes it. That script itself cannot be used: failing, it goes on to a build that
 * downloads its sources.
 *
 * @param {string} mediasoup folder of the npm package
 * @param {string} binaryName name of the worker inside the archive
 * @param {string} workFolder where to unpack it
 * @param {import('./step.mjs').Step} step
 * @returns {Promise<string | undefined>} path of the binary; undefined when there is none to be had
 */
export async function downloadWorker(mediasoup, binaryName, workFolder, step) {
  if (process.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return undefined;
  const { version, repository } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8'));
  const kernel = process.platform === 'linux' ? `-kernel${release().split('.')[0]}` : '';
  const archive = `mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
  const releases = `${repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/releases/download`;
  const base = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || releases;

  step.update('looking for a prebuilt one');
  const body = await download(`${base}/${version}/${archive}`);
  if (!body) return undefined;
  const folder = join(workFolder, 'prebuilt');
  mkdirSync(folder, { recursive: true });
  const archivePath = join(folder, archive);
  writeFileSync(archivePath, body);
  const extracted = spawnSync('tar', ['-xzf', archivePath, '-C', folder], { stdio: 'ignore' });
  return extracted.status === 0 ? join(folder, binaryName) : undefined;
}

/**
 * @param {string} url
 * @returns {Promise<Uint8Array | undefined>} undefined when it could not be had, for whatever reason
 */
async function download(url) {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), answerMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), transferMs);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
