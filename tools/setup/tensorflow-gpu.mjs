import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { checkout } from './checkout.mjs';
import { runLogged } from './logged-command.mjs';
import { SetUpError } from './set-up-error.mjs';
import { Step } from './step.mjs';

/**
 * Completes @tensorflow/tfjs-node-gpu, of which npm installs only the JavaScript here: runs the package's own install
 * script, which downloads libtensorflow (for CUDA 11.2 and cuDNN 8.1) and the binding. Needs the open internet.
 *
 * @param {string} node
 * @throws {SetUpError}
 */
export async function provideTensorflowGpu(node) {
  const folder = join(checkout, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  if (!existsSync(folder)) {
    throw new SetUpError(
      '@tensorflow/tfjs-node-gpu is not installed: it is an optional dependency, run npm ci without --omit.',
    );
  }
  if (isComplete(folder)) return;
  const step = new Step('Installing TensorFlow for the GPU');
  const path = [dirname(node), join(checkout, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  try {
    await runLogged(node, ['scripts/install.js', 'gpu', 'download'], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      log: 'tfjs-node-gpu-install',
      failure:
        'TensorFlow for the GPU could not be installed. It is downloaded from storage.googleapis.com: is that reachable?',
    });
    if (!isComplete(folder))
      throw new SetUpError(
        `The install script of tfjs-node-gpu ended well, but left no binding in ${folder}/lib`,
      );
  } catch (error) {
    step.fail();
    throw error;
  }
  step.done();
}

/** @param {string} folder */
function isComplete(folder) {
  const lib = join(folder, 'lib');
  return (
    existsSync(lib) &&
    readdirSync(lib, { recursive: true }).some((path) => String(path).endsWith('tfjs_binding.node'))
  );
}
