import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Builds the web page of an app or an example, or the overlay, from its sources.
 * @returns the folder of the built page, away from the one that a running app may be serving
 */
export async function buildWebPage(
  app: 'apps/sfu-bridge' | 'apps/dashboard' | 'examples/conference' | 'libs/overlay',
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `undertone-${basename(app)}-`));
  await build({
    configFile: fileURLToPath(new URL(`../../${app}/vite.config.ts`, import.meta.url)),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'error',
    mode: 'production',
  });
  return folder;
}
