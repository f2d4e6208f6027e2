import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { cli } from './models-cli.ts';
import { voice } from './own-voice.ts';

let own: string;
let other: string;

/** A folder of recordings by speakers of so many pitches, with one more row of a class that only it has. */
async function corpus(dataset: string, pitchesHz: number[], extra: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${dataset}-data-`));
  const random = new SeededRandom(1);
  const rows = ['file,dataset,speaker,gender,language,emotion'];
  for (const [speaker, pitchHz] of pitchesHz.entries()) {
    for (let take = 0; take < 8; take++) {
      const emotion = take % 2 === 0 ? 'happy' : 'sad';
      const file = `${speaker}-${take}.wav`;
      await writeFile(join(folder, file), voice(emotion, pitchHz, random));
      rows.push(`${file},${dataset},${dataset}_${speaker},female,en,${emotion}`);
    }
  }
  await writeFile(join(folder, 'index.csv'), [...rows, extra].join('\n'));
  return folder;
}

beforeAll(async () => {
  own = await corpus('own', [90, 165, 120, 150], '');
  other = await corpus('other', [105, 135], 'angry.wav,other,other_0,female,en,angry');
});
afterAll(() => Promise.all([own, other].map((folder) => rm(folder, { recursive: true }))));

const crossValidated = (...args: string[]) =>
  cli('evaluate', '--baseline', 'linear-svm', '--protocol', 'loso', '--json', '--data', own, ...args);

it('trains in every fold, is not scored, and what of it can’t be used is listed', async () => {
  const { stdout } = await crossValidated('--auxiliary-data', other, '--without', 'own_3');
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ model: 'linear-svm with other', n: 24, foldCount: 3 });
  expect(report.folds.flatMap(({ test }: { test: string[] }) => test)).toEqual(['own_0', 'own_1', 'own_2']);
  expect(Object.keys(report.perCorpus)).toEqual(['own']);
  expect(report.skipped).toEqual([
    { file: join(other, 'angry.wav'), reason: 'the model has no class angry' },
  ]);
}, 60_000);

it('is refused where its speakers are to be scored, and so are speakers that nobody knows', async () => {
  await expect(crossValidated('--auxiliary-data', own)).rejects.toThrow(
    /own_0, own_1, own_2, own_3 would train in every fold and be scored too/,
  );
  await expect(crossValidated('--without', 'own_9')).rejects.toThrow(/the data has no speaker own_9/);
}, 60_000);
