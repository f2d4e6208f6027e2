import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the dashboard's page of now into a folder of its own. */
export async function buildPage(): Promise<{ webFolder: string; remove: () => Promise<void> }> {
  const webFolder = await mkdtemp(join(tmpdir(), 'undertone-page-'));
  await build({
    configFile: fileURLToPath(new URL('../../apps/dashboard/vite.config.ts', import.meta.url)),
    build: { outDir: webFolder, emptyOutDir: true },
    logLevel: 'error',
  });
  return { webFolder, remove: () => rm(webFolder, { recursive: true, force: true }) };
}
