import { delimiter, dirname, join } from 'node:path';
import { checkout } from './checkout.mjs';
import { provideChromium } from './chromium.mjs';
import { provideDependencies } from './dependencies.mjs';
import { provideMediasoupWorker } from './mediasoup-worker.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { provideTensorflowGpu } from './tensorflow-gpu.mjs';
import { provideVulkanLoader } from './vulkan-loader.mjs';

/**
 * Brings this checkout to where Undertone can run, doing only what is missing. Everything in tools/setup is plain
 * JavaScript for Node 20, with no dependency: it runs before there are any.
 *
 * @param {{ chromium?: boolean, vulkan?: boolean, gpu?: boolean }} [wanted] what only some commands need
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node to run things with, and the environment for it
 * @throws {import('./set-up-error.mjs').SetUpError}
 */
export async function setUp({ chromium = false, vulkan = false, gpu = false } = {}) {
  await provideDependencies();
  const node = pinnedNode();
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    PATH: [dirname(node), join(checkout, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    MEDIASOUP_WORKER_BIN: await provideMediasoupWorker(),
  };
  if (chromium) env.CHROMIUM_PATH = await provideChromium();
  if (vulkan) await provideVulkanLoader();
  if (gpu) await provideTensorflowGpu(node);
  return { node, env };
}
