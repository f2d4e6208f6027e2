import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EngineKind, engineKinds } from '@undertone/models';
import { selectTfjsBackend } from '../../libs/models/src/engine/tfjs-backend.ts';

/** Beside Chromium lies SwiftShader, a Vulkan driver that computes on the CPU. */
const chromiumFolders = [
  ...(process.env.CHROMIUM_PATH ? [dirname(realpathSync(process.env.CHROMIUM_PATH))] : []),
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
];

/** On Linux, WebGPU runs on that driver, GPU or no GPU, unless the environment names another one. */
function chooseVulkanDriver(): void {
  if (process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES) return;
  const driver = chromiumFolders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
  if (process.platform === 'linux' && driver) process.env.VK_ICD_FILENAMES = driver;
}

/** The engines that must work on this machine: all but WebGPU where onnxruntime-node has none, and TensorFlow where there is no GPU. */
export async function runnableEngines(): Promise<EngineKind[]> {
  chooseVulkanDriver();
  const missing = new Set<EngineKind>();
  if (process.platform === 'linux' && process.arch !== 'x64') missing.add('webgpu');
  if ((await selectTfjsBackend()) !== 'node-gpu') missing.add('tfjs-gpu');
  return engineKinds.filter((kind) => !missing.has(kind));
}
