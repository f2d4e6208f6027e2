import { onDebian, provideDebianPackages } from './debian-packages.mjs';

/**
 * The library through which WebGPU finds Vulkan drivers. The driver that the tests use lies beside Chromium and computes on the CPU.
 *
 * @throws {import('./set-up-error.mjs').SetUpError} when it is missing and cannot be installed
 */
export async function provideVulkanLoader() {
  if (onDebian) await provideDebianPackages(['libvulkan1'], 'for the tests of the WebGPU engine');
}
