import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

/**
 * The real path of `folder`, which is relative to `root` or absolute; null unless it exists and lies below `root`, symbolic
 * links followed: a request must not make the analyzer read elsewhere.
 */
export async function modelFolderBelow(root: string, folder: string): Promise<string | null> {
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(resolve(root, folder))]);
    const below = relative(realRoot, real);
    return below !== '' && !below.startsWith('..') && !isAbsolute(below) ? real : null;
  } catch {
    return null;
  }
}
