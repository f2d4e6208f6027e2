import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLabels } from './label-choice.ts';
import { readCorpus } from './read-corpus.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-corpus-'));
});
afterEach(() => rm(folder, { recursive: true }));

const audio = async (...names: string[]) => {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), '');
  }
};
const index = (...rows: string[]) =>
  writeFile(join(folder, 'index.csv'), ['file,dataset,speaker,emotion', ...rows].join('\n'));

describe('a corpus without an index', () => {
  it('is read by its file names, and lists what it can’t read', async () => {
    await audio('wav/03a01Fa.wav', 'wav/08a01Lb.wav', 'notes.txt', 'extra/take 1.mp3');
    const { clips, skipped } = await readCorpus(folder);
    expect(clips.map(({ speaker, label }) => `${speaker} ${label}`)).toEqual([
      'emodb_03 happy',
      'emodb_08 boredom',
    ]);
    expect(skipped).toEqual([
      { file: join(folder, 'extra/take 1.mp3'), reason: expect.stringContaining('no convention') },
    ]);
  });

  it('lists clips of classes that the model lacks', async () => {
    await audio('03a01Fa.wav', '08a01Lb.wav');
    const { clips, skipped } = withLabels(await readCorpus(folder), ['happy', 'sad']);
    expect(clips).toHaveLength(1);
    expect(skipped).toEqual([
      { file: join(folder, '08a01Lb.wav'), reason: 'the model has no class boredom' },
    ]);
  });

  it('is refused when there is no audio, or no folder', async () => {
    await expect(readCorpus(folder)).rejects.toThrow('neither an index.csv nor audio');
    await expect(readCorpus(join(folder, 'none'))).rejects.toThrow('cannot read the folder');
  });
});

describe('a corpus with an index', () => {
  it('takes the usual names of the classes', async () => {
    await audio('a.wav', 'b.wav');
    await index('a.wav,own,s1,Anger', 'b.wav,own,s1,joy');
    expect((await readCorpus(folder)).clips).toEqual([
      {
        file: join(folder, 'a.wav'),
        dataset: 'own',
        speaker: 's1',
        gender: 'unknown',
        language: 'unknown',
        label: 'angry',
      },
      {
        file: join(folder, 'b.wav'),
        dataset: 'own',
        speaker: 's1',
        gender: 'unknown',
        language: 'unknown',
        label: 'happy',
      },
    ]);
  });

  it('lists every clip that it leaves out', async () => {
    await audio('a.wav', 'b.wav', 'c.wav', '03a01Fa.wav', 'd.wav');
    await index(
      'a.wav,own,s1,bliss',
      'b.wav,own,,sad',
      'c.wav,own,s1,sad',
      'c.wav,own,s1,sad',
      '03a01Fa.wav,emodb,emodb_03,angry',
    );
    const { clips, skipped } = await readCorpus(folder);
    expect(clips).toHaveLength(1);
    expect(skipped.map(({ file, reason }) => `${file.slice(folder.length + 1)}: ${reason}`)).toEqual([
      'a.wav: no class is called bliss',
      'b.wav: index.csv does not say its dataset and speaker',
      '03a01Fa.wav: mislabelled: index.csv says angry, the file name happy',
      'd.wav: not listed in index.csv',
      'c.wav: listed twice, as sad and as sad',
    ]);
  });

  it('is refused when a column is missing', async () => {
    await writeFile(join(folder, 'index.csv'), 'file,emotion\na.wav,sad\n');
    await expect(readCorpus(folder)).rejects.toThrow('lacks the columns dataset, speaker');
  });
});
