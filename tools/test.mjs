// `npm test [-- vitest arguments]`: sets up on any Node from 20 on, then runs vitest on the pinned Node.
import { handOver } from './setup/hand-over.mjs';

const reporters = ['--reporter=default', '--reporter=./tools/tally-reporter.ts'];
await handOver({ chromium: true, vulkan: true }, [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...reporters,
  ...process.argv.slice(2),
]);
