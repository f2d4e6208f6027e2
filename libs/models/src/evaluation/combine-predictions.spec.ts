import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { combinePredictions } from './combine-predictions.ts';
import type { JudgedClip } from './judged-clip.ts';
import type { JudgedFold } from './judged-fold.ts';
import { formatPredictions } from './prediction-file.ts';
import { type PredictionSet, readPredictionSet } from './prediction-set.ts';
import type { PredictionSource } from './prediction-source.ts';

const source: PredictionSource = {
  model: 'good',
  random: true,
  labels: ['sad', 'happy', 'angry'],
  setup: 'a'.repeat(64),
  data: 'b'.repeat(64),
  protocol: 'loso',
  folds: 3,
  channels: ['clean'],
  seconds: null,
  session: 'clip' as const,
  moments: [],
};

/** A member that gives the right class `trust` more than the others on average. */
function member(model: string, trust: number, seeds = [1], numbers = [0, 1, 2]): PredictionSet {
  const folds = seeds.flatMap((seed) =>
    numbers.map((fold): JudgedFold => {
      const random = new SeededRandom(1_000 * seed + 10 * fold + model.length);
      const judged = (file: string, label: number, speaker: string): JudgedClip => {
        const powers = [0, 1, 2].map((c) => Math.exp((c === label ? trust : 0) + random.normal()));
        const sum = powers.reduce((total, power) => total + power, 0);
        const probabilities = Float32Array.from(powers, (power) => power / sum);
        return { file, speaker, dataset: 'own', gender: 'female', seconds: 2, label, probabilities };
      };
      return {
        fold,
        seed,
        training: ['s0', 's1', 's2'].filter((speaker) => speaker !== `s${fold}`),
        test: [`s${fold}`],
        chosen: { epoch: 3 },
        temperature: 1.5,
        heard: [
          {
            channel: 'clean',
            judged: Array.from({ length: 30 }, (_, i) => judged(`${fold}/${i}.wav`, i % 3, `s${fold}`)),
          },
        ],
        validation: Array.from({ length: 60 }, (_, i) => judged(`v${fold}/${i}.wav`, i % 3, 'other')),
        skipped: [],
      };
    }),
  );
  return { source: { ...source, model }, folds };
}

describe('members combined', () => {
  const good = member('good', 2);
  const poor = member('poor one', 0.3);

  it('weigh more the better they were on validation clips', () => {
    for (const method of ['weighted', 'vote'] as const) {
      for (const { chosen } of combinePredictions([poor, good], method, false).folds) {
        const [ofPoor, ofGood] = chosen.weights as number[];
        expect(ofGood).toBeGreaterThan(2 * ofPoor);
        expect(ofGood + ofPoor).toBeCloseTo(1);
      }
    }
  });

  it('have weights and a temperature that no answer or class of a test clip changes', () => {
    const scrambled = (set: PredictionSet): PredictionSet => ({
      ...set,
      folds: set.folds.map((fold) => ({
        ...fold,
        heard: fold.heard.map(({ channel, judged }) => ({
          channel,
          judged: judged.map((clip) => ({
            ...clip,
            label: (clip.label + 1) % 3,
            probabilities: clip.probabilities!.toReversed(),
          })),
        })),
      })),
    });
    const chosen = (members: PredictionSet[]) =>
      combinePredictions(members, 'weighted', false).folds.map((fold) => fold.chosen);
    expect(chosen([scrambled(poor), scrambled(good)])).toEqual(chosen([poor, good]));
  });

  it('take what does not depend on the seed for every seed', () => {
    const fixed = member('svm', 1, [1]);
    fixed.source.random = false;
    const { folds } = combinePredictions([member('net', 1, [4, 5]), fixed], 'mean', false);
    expect(folds.map(({ seed, fold }) => `${seed}/${fold}`)).toEqual([
      '4/0',
      '4/1',
      '4/2',
      '5/0',
      '5/1',
      '5/2',
    ]);
  });

  it('can be the seeds of one member', () => {
    const { folds, source: own } = combinePredictions([member('net', 1, [1, 2, 3])], 'mean', true);
    expect(folds).toHaveLength(3);
    expect(folds[0].chosen.weights).toHaveLength(3);
    expect(own).toMatchObject({ model: 'mean of net, seeds pooled', random: false });
  });

  it.each([
    ['other data', { ...good, source: { ...source, data: 'c'.repeat(64) } }, /can't be combined: other data/],
    ['other classes', { ...good, source: { ...source, labels: ['a', 'b', 'c'] } }, /other labels/],
    ['a missing fold', member('part', 1, [1], [0, 2]), /part lacks fold 1 of seed 1/],
    ['another seed', member('later', 1, [2]), /later lacks fold 0 of seed 1/],
    [
      'other speakers',
      { ...good, folds: good.folds.map((fold) => ({ ...fold, test: ['s9'] })) },
      /fold 0 has other speakers/,
    ],
    [
      'a clip less',
      {
        ...good,
        folds: good.folds.map((fold) => ({
          ...fold,
          heard: fold.heard.map((own) => ({ ...own, judged: own.judged.slice(1) })),
        })),
      },
      /not every member has judged 0\/0\.wav/,
    ],
  ])('refuse %s', (_what, other, message) => {
    expect(() => combinePredictions([good, other as PredictionSet], 'mean', false)).toThrow(message);
  });

  it('refuse to fit weights where nobody validated the same clips', () => {
    const apart = member('apart', 1);
    for (const fold of apart.folds)
      fold.validation = fold.validation.map((clip) => ({ ...clip, file: `x${clip.file}` }));
    expect(() => combinePredictions([good, apart], 'weighted', false)).toThrow(
      'wants 30 clips that validated every member',
    );
    expect(combinePredictions([good, apart], 'mean', false).folds[0].temperature).toBe(1);
  });
});

describe('predictions in folders', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'predictions-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(name: string, { source: own, folds }: PredictionSet): Promise<string> {
    const target = join(folder, name);
    await mkdir(target, { recursive: true });
    for (const judged of folds)
      await writeFile(
        join(target, `fold-${judged.fold}.seed-${judged.seed}.jsonl`),
        formatPredictions(own, judged),
      );
    return target;
  }

  it('are merged from the parts of one cross-validation, to seven digits', async () => {
    const whole = member('good', 2);
    const parts = [
      await write('a', member('good', 2, [1], [2, 0])),
      await write('b', member('good', 2, [1], [1])),
    ];
    const merged = await readPredictionSet(parts);
    expect(merged.source).toEqual(whole.source);
    expect(merged.folds.map(({ fold }) => fold)).toEqual([0, 1, 2]);
    for (const [i, fold] of merged.folds.entries()) {
      const [{ judged }] = fold.heard;
      const expected = whole.folds[i].heard[0].judged;
      expect(judged.map(({ file, label }) => [file, label])).toEqual(
        expected.map(({ file, label }) => [file, label]),
      );
      for (const [k, { probabilities }] of judged.entries())
        for (const [c, p] of probabilities!.entries())
          expect(p).toBeCloseTo(expected[k].probabilities![c], 6);
      expect(fold.validation).toHaveLength(60);
    }
  });

  it('are not merged where they differ or overlap', async () => {
    const good = await write('a', member('good', 2));
    const setup = member('good', 2);
    setup.source.setup = 'd'.repeat(64);
    await expect(readPredictionSet([good, await write('b', setup)])).rejects.toThrow('other setup');
    await expect(readPredictionSet([good, await write('c', member('good', 2))])).rejects.toThrow(
      'both hold fold 0 of seed 1',
    );
  });

  it('are refused with file and line where they are damaged', async () => {
    const path = join(await write('a', member('good', 2, [1], [0])), 'fold-0.seed-1.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
    await expect(readPredictionSet([join(folder, 'a')])).rejects.toThrow(/should have 90 clips and has 89/);
    await writeFile(path, text.replace('"label":"happy"', '"label":"bored"'));
    await expect(readPredictionSet([join(folder, 'a')])).rejects.toThrow(/jsonl:3 does not fit/);
    await writeFile(path, 'no JSON');
    await expect(readPredictionSet([join(folder, 'a')])).rejects.toThrow(/jsonl:1 is not JSON/);
    await mkdir(join(folder, 'empty'));
    await expect(readPredictionSet([join(folder, 'empty')])).rejects.toThrow('holds no predictions');
  });
});
