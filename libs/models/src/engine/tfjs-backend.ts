import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';

let ready: Promise<string> | undefined;

/**
 * Selects the fastest TensorFlow.js backend that is installed and returns its name:
 * `node-gpu` (libtensorflow on a GPU), `node` (libtensorflow on the CPU, which is also what its GPU package does without a GPU), else
 * `wasm` (SIMD, one thread), which is always there.
 */
export function selectTfjsBackend(): Promise<string> {
  ready ??= select();
  return ready;
}

async function select(): Promise<string> {
  // tfjs-node 4.22 calls a function that Node 23 removed.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  for (const packageName of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      // Throws where the package or its native library is missing: then the next one is tried.
      await import(packageName);
      if (!(await tf.setBackend('tensorflow'))) continue;
      const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
      return isUsingGpuDevice ? 'node-gpu' : 'node';
    } catch {}
  }
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${dirname(entry)}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  return 'wasm';
}
