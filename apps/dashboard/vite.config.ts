import { join } from 'node:path';
import { defaultClientConditions, defineConfig } from 'vite';

const dashboardUrl = `http://127.0.0.1:${process.env.DASHBOARD_PORT ?? 4300}`;

/** The dashboard's page: built into `web-dist/`, which the dashboard serves at `/`. */
export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { outDir: '../web-dist', emptyOutDir: true, target: 'es2024' },
  server: {
    proxy: {
      '/socket.io': { target: dashboardUrl, ws: true },
      '/api': dashboardUrl,
      '/model-card': dashboardUrl,
    },
  },
});
