import { readConfig } from './config.ts';
import { createBridgeApp } from './create-bridge-app.ts';

try {
  const starting = createBridgeApp(readConfig(process.env));
  // Before it has started, too: mediasoup handles these signals itself and would keep the process from ending.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      starting
        .then((bridge) => bridge.close())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    });
  }
  await starting;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
