import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CorpusLabel } from '../corpus/corpus-label.ts';
import type { FeatureSpec } from '../features/feature-spec.ts';
import type { TrainingClip } from './training-clip.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingState } from './training-state.ts';

const format = 'undertone-checkpoint/1';
const fileName = 'training-state.bin';

export interface CheckpointOptions {
  folder: string;
  /** How often the state is written; besides, when the run is stopped. */
  everyEpochs: number;
  /** Go on from the state in the folder instead of starting anew. */
  resume: boolean;
}

/** What a state belongs to: hashes of the configuration, and of the clips with their features. */
export interface RunIdentity {
  config: string;
  data: string;
}

export function runIdentity(
  config: TrainingConfig,
  spec: FeatureSpec,
  labels: readonly CorpusLabel[],
  parts: readonly (readonly TrainingClip[])[],
): RunIdentity {
  const data = createHash('sha256').update(JSON.stringify([spec, labels]));
  for (const part of parts) {
    for (const { clip, frames, teacher } of part) {
      data.update(JSON.stringify(clip)).update(frames.logMel).update(frames.speech);
      if (teacher !== undefined) data.update(teacher);
    }
    data.update('|');
  }
  return {
    config: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
    data: data.digest('hex'),
  };
}

/** The state of a training run on disk, exact to the last bit (V8's structured clone). */
export class Checkpoint {
  readonly #folder: string;
  readonly #identity: RunIdentity;

  constructor(folder: string, identity: RunIdentity) {
    this.#folder = folder;
    this.#identity = identity;
  }

  /** Written aside and renamed: a run that is killed meanwhile leaves the state before. */
  async write(state: TrainingState): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const aside = join(this.#folder, `${fileName}.${process.pid}`);
    await writeFile(aside, serialize({ format, identity: this.#identity, state }));
    await rename(aside, join(this.#folder, fileName));
  }

  /** @throws Error when there is no state, an unreadable one, or one of another configuration or other data */
  async read(): Promise<TrainingState> {
    const path = join(this.#folder, fileName);
    const { identity, state } = parse(path, await readBytes(path));
    for (const [what, hash] of Object.entries(this.#identity)) {
      if (identity[what as keyof RunIdentity] === hash) continue;
      throw new Error(
        `${path} belongs to a run with ${what === 'config' ? 'another configuration' : 'other data'}: ` +
          'repeat that run’s arguments, or leave --resume out to start anew',
      );
    }
    return state;
  }
}

/** Takes away the state of a run that is finished. */
export const removeCheckpoint = (folder: string) => rm(folder, { recursive: true, force: true });

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`there is no ${path} to go on from: leave --resume out to start anew`);
  }
}

function parse(path: string, bytes: Buffer): { identity: RunIdentity; state: TrainingState } {
  let content: unknown;
  try {
    content = deserialize(bytes);
  } catch {
    content = null;
  }
  const { format: found } = Object(content) as { format?: unknown };
  if (found === format) return content as { identity: RunIdentity; state: TrainingState };
  throw new Error(`${path} is no checkpoint of this version: leave --resume out to start anew`);
}
