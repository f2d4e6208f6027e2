import { join } from 'node:path';
import { defaultClientConditions, defineConfig } from 'vite';

const bridgeUrl = `http://127.0.0.1:${process.env.BRIDGE_PORT ?? 4100}`;

/** The join page: built into `web-dist/`, which the bridge serves at `/join/`. */
export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  base: '/join/',
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { outDir: '../web-dist', emptyOutDir: true, target: 'es2024' },
  server: { proxy: { '/socket.io': { target: bridgeUrl, ws: true } } },
});
