import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedFold } from './judge-folds.ts';
import type { JudgedFold } from './judged-fold.ts';
import { formatPredictions, parsePredictions } from './prediction-file.ts';
import { type PredictionSource, relativeFile } from './prediction-source.ts';

/** A folder that keeps what the models of a cross-validation said: a file for each fold of each seed. */
export class PredictionFolder {
  readonly #folder: string;
  readonly #source: PredictionSource;
  readonly #root: string;

  /** @param root files are written relative to it */
  constructor(folder: string, source: PredictionSource, root: string) {
    this.#folder = folder;
    this.#source = source;
    this.#root = root;
  }

  /**
   * @returns null where the fold has not been judged yet
   * @throws Error when the folder holds the fold of another cross-validation
   */
  async read({ fold, seed }: PlannedFold): Promise<JudgedFold | null> {
    const path = this.#path(fold, seed);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    const { source, judged } = parsePredictions(text, path);
    for (const [name, value] of Object.entries(this.#source)) {
      if (JSON.stringify(source[name as keyof PredictionSource]) === JSON.stringify(value)) continue;
      throw new Error(
        `${path} is of another cross-validation (other ${name}): give another folder to --predictions`,
      );
    }
    return renamed(judged, (file) => join(this.#root, file));
  }

  /** The file is there completely or not at all. */
  async write(judged: JudgedFold): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#path(judged.fold, judged.seed);
    const own = renamed(judged, (file) => relativeFile(this.#root, file));
    await writeFile(`${path}.part`, formatPredictions(this.#source, own));
    await rename(`${path}.part`, path);
  }

  #path(fold: number, seed: number): string {
    return join(this.#folder, `fold-${fold}.seed-${seed}.jsonl`);
  }
}

/** The same with other paths. */
function renamed(judged: JudgedFold, path: (file: string) => string): JudgedFold {
  const clips = <Named extends { file: string }>(own: readonly Named[]) =>
    own.map((clip) => ({ ...clip, file: path(clip.file) }));
  return {
    ...judged,
    heard: judged.heard.map(({ channel, judged: own }) => ({ channel, judged: clips(own) })),
    validation: clips(judged.validation),
    skipped: clips(judged.skipped),
  };
}
