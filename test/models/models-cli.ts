import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a command of libs/models as `npm run NAME -- ...` does. Rejects with what it printed when it fails. */
export const cli = (name: string, ...args: string[]) =>
  run(process.execPath, ['--conditions=source', `libs/models/src/cli/${name}.ts`, ...args]);
