import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The page of the conference: built into `web-dist/`, which the server serves. */
export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  build: { outDir: '../web-dist', emptyOutDir: true, target: 'es2024' },
});
