import { readConfig } from './config.ts';
import { createBridgeApp } from './create-bridge-app.ts';

try {
  const bridge = await createBridgeApp(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      bridge.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
