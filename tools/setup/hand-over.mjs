import { spawn } from 'node:child_process';
import { checkout } from './checkout.mjs';
import { onParentGone } from './parent-watch.mjs';
import { setUp } from './set-up.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * Sets up, then runs the pinned Node with these arguments in this terminal, and ends as it ends. A set-up that cannot
 * go on ends the process with code 1 and its message.
 *
 * @param {Parameters<typeof setUp>[0]} wanted
 * @param {string[]} args
 */
export async function handOver(wanted, args) {
  const { node, env } = await setUpOrExit(wanted);
  const child = spawn(node, args, { cwd: checkout, env, stdio: 'inherit' });
  // The child decides how to stop. Ctrl-C reaches it by itself, through the terminal; only a `kill` must be passed on.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  // Started by hand, in the background of a shell that was closed since, it goes on.
  if (process.env.npm_lifecycle_event) onParentGone(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

/** @param {Parameters<typeof setUp>[0]} wanted */
export async function setUpOrExit(wanted) {
  try {
    return await setUp(wanted);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(`\n${error.message}\n`);
    process.exit(1);
  }
}
