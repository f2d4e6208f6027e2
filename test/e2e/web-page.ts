import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds an app's web page from its sources.
 * @returns the folder of the built page, away from the one that a running app may be serving
 */
export async function buildWebPage(app: 'sfu-bridge' | 'dashboard'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `undertone-${app}-`));
  await build({
    configFile: fileURLToPath(new URL(`../../apps/${app}/vite.config.ts`, import.meta.url)),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'error',
    mode: 'production',
  });
  return folder;
}
