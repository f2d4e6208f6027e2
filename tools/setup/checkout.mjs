import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of this checkout. */
export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What runs leave behind in this checkout (logs, stamps, build folders); git ignores it, and it may be deleted. */
export const stateFolder = join(checkout, '.undertone');

/** Logs of set-up steps and of the running parts. */
export const logFolder = join(stateFolder, 'logs');
