import { readConfig } from './config.ts';
import { createAnalyzerApp } from './create-analyzer-app.ts';

try {
  const analyzer = await createAnalyzerApp(readConfig(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      analyzer.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
