import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type EmotionLabel, emotionLabels } from '../model/emotion-label.ts';
import type { Corpus } from './clip.ts';
import { parseCsv } from './parse-csv.ts';

const requiredColumns = ['file', 'dataset', 'speaker', 'emotion'];

/**
 * Reads the index of a corpus: `index.csv` with the columns `file` (relative to the folder), `dataset`, `speaker`,
 * `emotion`, and if known `gender` and `language`. Clips with other emotions than the model's are listed as skipped.
 * @throws Error when there is no index or a column is missing
 */
export async function readCorpus(folder: string): Promise<Corpus> {
  const root = resolve(folder);
  let text: string;
  try {
    text = await readFile(join(root, 'index.csv'), 'utf8');
  } catch (cause) {
    throw new Error(`cannot read ${join(root, 'index.csv')}: --data wants a folder with an index.csv`, {
      cause,
    });
  }
  const rows = parseCsv(text);
  const missing = requiredColumns.filter((column) => rows.length > 0 && rows[0][column] === undefined);
  if (missing.length > 0)
    throw new Error(`${join(root, 'index.csv')} lacks the columns ${missing.join(', ')}`);
  const corpus: Corpus = { folder: root, clips: [], skipped: [] };
  for (const row of rows) {
    const file = join(root, row.file);
    if (!emotionLabels.includes(row.emotion as EmotionLabel)) {
      corpus.skipped.push({ file, reason: `the model has no class ${row.emotion}` });
      continue;
    }
    corpus.clips.push({
      file,
      dataset: row.dataset,
      speaker: row.speaker,
      gender: row.gender || 'unknown',
      language: row.language || 'unknown',
      label: row.emotion as EmotionLabel,
    });
  }
  return corpus;
}
