import { join } from 'node:path';
import { defaultClientConditions, defineConfig } from 'vite';

/** The web components as one ES module, and the page for streaming software: what the dashboard serves to other pages. */
export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    outDir: '../web-dist',
    emptyOutDir: true,
    target: 'es2024',
    lib: { entry: '../src/elements.ts', formats: ['es'], fileName: () => 'overlay.js' },
  },
});
