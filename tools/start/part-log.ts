import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const largestBytes = 16 * 1024 * 1024;
const tailLines = 20;
/** pino's number for `warn`; higher is worse. */
const warnLevel = 40;

/**
 * Everything that one part prints, in a file. The file begins anew with each start; one that grows too large is put
 * aside as `NAME.old.log`, so that a part never takes more than twice the limit.
 */
export class PartLog {
  readonly path: string;
  readonly #oldPath: string;
  #file: number;
  #bytes = 0;
  readonly #tail: string[] = [];

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    const stem = name.replaceAll(' ', '-');
    this.path = join(folder, `${stem}.log`);
    this.#oldPath = join(folder, `${stem}.old.log`);
    rmSync(this.#oldPath, { force: true });
    this.#file = openSync(this.path, 'w');
  }

  /** The last lines, for a message about a failure. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  write(line: string): void {
    this.#tail.push(line);
    if (this.#tail.length > tailLines) this.#tail.shift();
    if (this.#bytes > largestBytes) {
      closeSync(this.#file);
      renameSync(this.path, this.#oldPath);
      this.#file = openSync(this.path, 'w');
      this.#bytes = 0;
    }
    this.#bytes += writeSync(this.#file, `${line}\n`);
  }
}

/** What a line of pino's says, if it is a warning or worse; null for all other lines. */
export function warningIn(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, err } = JSON.parse(line);
    if (!(level >= warnLevel)) return null;
    return [msg, err?.message].filter((text) => typeof text === 'string').join(': ') || line;
  } catch {
    return null;
  }
}
