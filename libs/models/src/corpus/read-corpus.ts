import { readdir, readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Clip, Corpus } from './clip.ts';
import { labelOf } from './corpus-label.ts';
import { readFileName } from './file-name-convention.ts';
import { parseCsv } from './parse-csv.ts';

const requiredColumns = ['file', 'dataset', 'speaker', 'emotion'];
const audioFile = /\.(wav|flac|ogg|opus|mp3)$/i;

/**
 * Reads what a folder says of its recordings, not the audio. With an `index.csv`: its columns `file` (relative to the
 * folder), `dataset`, `speaker`, `emotion`, and if known `gender` and `language`. Without: the file names, by the
 * conventions of the corpora we know. Whatever can't be used is listed with its reason: files that the index leaves
 * out or names twice, names that no convention knows or that contradict the index, unknown emotions.
 * @throws Error when the folder can't be read, holds no audio, or a column is missing
 */
export async function readCorpus(folder: string): Promise<Corpus> {
  return withoutRepetition(await readFolder(folder));
}

async function readFolder(folder: string): Promise<Corpus> {
  const root = resolve(folder);
  const paths = await audioPaths(root);
  const text = await readFile(join(root, 'index.csv'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const corpus: Corpus = { folder: root, clips: [], skipped: [] };
  if (text === null) {
    if (paths.length === 0)
      throw new Error(`${root} holds neither an index.csv nor audio (WAV, FLAC, Ogg Opus, MP3)`);
    for (const path of paths) add(corpus, path, readFileName(path));
    return corpus;
  }
  const rows = parseCsv(text);
  const missing = requiredColumns.filter((column) => rows.length > 0 && rows[0][column] === undefined);
  if (missing.length > 0)
    throw new Error(`${join(root, 'index.csv')} lacks the columns ${missing.join(', ')}`);
  const unlisted = new Set(paths);
  for (const row of rows) {
    unlisted.delete(row.file);
    add(corpus, row.file, readRow(row));
  }
  for (const path of unlisted) add(corpus, path, { reason: 'not listed in index.csv' });
  return corpus;
}

/** Keeps the first clip of each file. */
function withoutRepetition(corpus: Corpus): Corpus {
  const first = new Map<string, Clip>();
  const skipped = [...corpus.skipped];
  for (const clip of corpus.clips) {
    const known = first.get(clip.file);
    if (known === undefined) first.set(clip.file, clip);
    else skipped.push({ file: clip.file, reason: `listed twice, as ${known.label} and as ${clip.label}` });
  }
  return { folder: corpus.folder, clips: [...first.values()], skipped };
}

type Reading = ReturnType<typeof readFileName>;

function add(corpus: Corpus, path: string, reading: Reading): void {
  const file = join(corpus.folder, path);
  if ('reason' in reading) corpus.skipped.push({ file, reason: reading.reason });
  else corpus.clips.push({ file, ...reading });
}

function readRow(row: Record<string, string>): Reading {
  const label = labelOf('index', row.emotion.trim().toLowerCase());
  if (label === undefined) return { reason: `no class is called ${row.emotion || '(nothing)'}` };
  if (!row.speaker || !row.dataset) return { reason: 'index.csv does not say its dataset and speaker' };
  const byName = readFileName(row.file);
  if (!('reason' in byName) && byName.dataset === row.dataset && byName.label !== label)
    return { reason: `mislabelled: index.csv says ${label}, the file name ${byName.label}` };
  return {
    dataset: row.dataset,
    speaker: row.speaker,
    gender: row.gender || 'unknown',
    language: row.language || 'unknown',
    label,
  };
}

/** Sorted, relative, with `/`. */
async function audioPaths(root: string): Promise<string[]> {
  try {
    const all = await readdir(root, { recursive: true });
    return all
      .filter((path) => audioFile.test(path))
      .map((path) => path.replaceAll(sep, '/'))
      .sort();
  } catch (cause) {
    throw new Error(`cannot read the folder ${root}: --data wants a corpus`, { cause });
  }
}
