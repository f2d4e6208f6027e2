import { fileURLToPath } from 'node:url';
import { type DashboardConfig, readConfig } from '../../apps/dashboard/src/config.ts';
import { createDashboardApp, type DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';

/** A dashboard on a free port that logs nothing. */
export function startTestDashboard(overrides: Partial<DashboardConfig> = {}): Promise<DashboardApp> {
  const config = readConfig({ DASHBOARD_PORT: '0', LOG_LEVEL: 'silent', DATA_FOLDER: 'none' });
  return createDashboardApp({ ...config, ...overrides });
}

export const missingWebFolder = fileURLToPath(new URL('./no-such-folder', import.meta.url));
