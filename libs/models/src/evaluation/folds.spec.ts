import { expect, it } from 'vitest';
import { foldsOf } from './folds.ts';

const clips = (dataset: string, speakers: number) =>
  Array.from({ length: 3 * speakers }, (_, i) => ({
    dataset,
    speaker: `${dataset}_${String((i % speakers) + 1).padStart(2, '0')}`,
  }));

it('puts the n-th speaker of each corpus into fold (n − 1) mod 5', () => {
  const folds = foldsOf('grouped-cv', [...clips('ravdess', 20), ...clips('nemo', 3)]);
  expect(folds).toHaveLength(5);
  expect(folds[0]).toEqual(['nemo_01', 'ravdess_01', 'ravdess_06', 'ravdess_11', 'ravdess_16']);
  expect(folds[4]).toEqual(['ravdess_05', 'ravdess_10', 'ravdess_15', 'ravdess_20']);
  expect(new Set(folds.flat()).size).toBe(23);
});

it('leaves one speaker out at a time', () => {
  expect(foldsOf('loso', clips('emodb', 4))).toEqual([
    ['emodb_01'],
    ['emodb_02'],
    ['emodb_03'],
    ['emodb_04'],
  ]);
});

it('leaves one corpus out at a time, and wants two', () => {
  expect(foldsOf('cross-corpus', [...clips('nemo', 2), ...clips('emodb', 2)])).toEqual([
    ['emodb_01', 'emodb_02'],
    ['nemo_01', 'nemo_02'],
  ]);
  expect(() => foldsOf('cross-corpus', clips('emodb', 4))).toThrow('at least two with --data');
});

it('wants speakers to leave out, to train with and to choose by', () => {
  expect(() => foldsOf('loso', clips('emodb', 2))).toThrow('too few');
});
