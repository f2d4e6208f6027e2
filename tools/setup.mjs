// `npm run setup`: everything that `npm start` and `npm test` would do first, on its own. Runs on any Node from 20 on.
import { parseArgs } from 'node:util';
import { setUpOrExit } from './setup/hand-over.mjs';

const { values } = parseArgs({ options: { gpu: { type: 'boolean' }, chromium: { type: 'boolean' } } });
const { node, env } = await setUpOrExit(values);
console.log(`Undertone is set up.
  Node              ${node}
  mediasoup worker  ${env.MEDIASOUP_WORKER_BIN}`);
if (env.CHROMIUM_PATH) console.log(`  Chromium          ${env.CHROMIUM_PATH}`);
