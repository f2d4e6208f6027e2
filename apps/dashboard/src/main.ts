import { readConfig } from './config.ts';
import { createDashboardApp } from './create-dashboard-app.ts';

try {
  const dashboard = await createDashboardApp(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      dashboard.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
