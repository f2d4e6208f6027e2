import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout, logFolder } from './checkout.mjs';
import { SetUpError } from './set-up-error.mjs';

const tailLines = 20;

/**
 * Runs a command to its end with everything it prints in `.undertone/logs/<log>.log`.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.log name of the log file
 * @param {string} options.failure what to tell the user when the command fails, before the end of the log
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.cwd]
 * @param {(line: string) => void} [options.onLine] called with each line printed
 * @throws {SetUpError} when the command cannot be started or fails
 */
export async function runLogged(command, args, { log, failure, env = process.env, cwd = checkout, onLine }) {
  mkdirSync(logFolder, { recursive: true });
  const logPath = join(logFolder, `${log}.log`);
  const output = createWriteStream(logPath);
  // On Windows npm is a script, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.write(`${line}\n`);
      onLine?.(line);
    });
  }
  /** @type {string} */
  const outcome = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? '' : `it ended with ${signal ?? `code ${code}`}`),
    );
  });
  await new Promise((resolve) => output.end(() => resolve(undefined)));
  if (outcome) {
    const tail = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
    throw new SetUpError(`${failure} (${command}: ${outcome})\n\n${tail}\n\nThe whole log: ${logPath}`);
  }
}
