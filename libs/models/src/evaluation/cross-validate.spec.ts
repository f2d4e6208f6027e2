import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import { BaggingTrainer } from './bagging-trainer.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import { crossValidate } from './cross-validate.ts';
import { EnsembleTrainer } from './ensemble-trainer.ts';
import type { CrossPlan } from './judge-folds.ts';
import type { JudgedClip } from './judged-clip.ts';
import { PredictionFolder } from './prediction-folder.ts';
import { predictionSource } from './prediction-source.ts';

type Label = 'sad' | 'happy';
const labels: readonly Label[] = ['sad', 'happy'];

const clipsOf = (speakers: number, each: number): Clip<Label>[] =>
  Array.from({ length: speakers * each }, (_, i) => ({
    file: `/own/${i}.wav`,
    dataset: 'own',
    speaker: `s${i % speakers}`,
    gender: i % 2 === 0 ? 'male' : 'female',
    language: 'en',
    label: labels[(i >> 2) % 2],
  }));

/** What one fit got to see. */
interface Fitting {
  seed: number;
  given: Set<string>;
  /** Whom it learned from and whom it chose by: of those given, the first where nobody else is named. */
  training: Set<string>;
  validation: Set<string>;
  /** Speakers of each scoring that followed. */
  scored: Set<string>[];
}

interface Script {
  inverted?: boolean;
  temperature?: number;
  seen?: Fitting[];
}

/** Always right under odd seeds, never under even ones; can't read the first clip that it is to score. */
function scriptedTrainer({ inverted = false, temperature = 1, seen = [] }: Script = {}): ClipTrainer<Label> {
  const speakersOf = (own: readonly Clip<Label>[]) => new Set(own.map(({ speaker }) => speaker));
  return {
    name: 'scripted',
    random: true,
    labels,
    setup: { inverted, temperature },
    fit: async (training, seed, validation) => {
      const held = validation ?? training.filter(({ speaker }) => speaker === training[0].speaker);
      const fitting: Fitting = {
        seed,
        given: speakersOf(training),
        training: speakersOf(training.filter((clip) => !held.includes(clip))),
        validation: speakersOf(held),
        scored: [],
      };
      seen.push(fitting);
      const judge = (own: readonly Clip<Label>[]) =>
        own.map(({ file, speaker, dataset, gender, label }): JudgedClip => {
          const index = labels.indexOf(label);
          const right = (seed % 2 === 1) === inverted ? 1 - index : index;
          const probabilities = Float32Array.from(labels, (_, c) => (c === right ? 0.8 : 0.2));
          return { file, speaker, dataset, gender, seconds: 36, label: index, probabilities };
        });
      return {
        chosen: { seed },
        temperature,
        score: async (own) => {
          fitting.scored.push(speakersOf(own));
          return { judged: judge(own.slice(1)), skipped: [{ file: own[0].file, reason: 'broken' }] };
        },
        validation: async () => judge(held),
        close: async () => {},
      };
    },
  };
}

const clips = clipsOf(4, 10);
const plan: CrossPlan = {
  protocol: 'loso',
  seeds: [1, 2],
  channels: ['clean'],
  moments: [],
  validation: false,
};
const ignore = () => {};

describe('cross-validation', () => {
  it('never trains on the speakers that it scores, and scores every clip once a seed', async () => {
    const seen: Fitting[] = [];
    const report = await crossValidate(scriptedTrainer({ seen }), clips, plan, null, ignore);
    expect(report.folds).toHaveLength(8);
    for (const [i, { seed, training, test, chosen }] of report.folds.entries()) {
      expect(seen[i].seed).toBe(seed);
      expect([...seen[i].given].sort()).toEqual(training);
      expect(training).not.toContain(test[0]);
      expect(chosen).toEqual({ seed });
    }
    expect(report.n).toBe(36);
    expect(report.skipped).toHaveLength(4);
  });

  it('reports means over seeds, and what was read of whom', async () => {
    const report = await crossValidate(scriptedTrainer(), clips, plan, null, ignore);
    expect(report.uar.value).toBeCloseTo(0.5);
    expect(report.overSeeds.mean).toBeCloseTo(0.5);
    expect(report.overSeeds.deviation).toBeCloseTo(Math.SQRT1_2);
    expect(report.overFolds).toEqual({ mean: 0.5, deviation: 0 });
    expect(report.perGender.female).toMatchObject({ n: 18, speakers: 2 });
    expect(report.perCorpus.own).toMatchObject({ n: 36, speakers: 4, hours: 0.36 });
    expect(report.perCorpus.own.classes.happy).toMatchObject({ clips: 20, speakers: 4, hours: 0.2 });
    expect(report.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(36);
  });

  it('judges only the folds asked for, and knows how many there are', async () => {
    const report = await crossValidate(scriptedTrainer(), clips, { ...plan, folds: [1, 3] }, null, ignore);
    expect(report.folds.map(({ fold }) => fold)).toEqual([1, 3, 1, 3]);
    expect(report.foldCount).toBe(4);
    expect(report.perCorpus.own.speakers).toBe(2);
    await expect(
      crossValidate(scriptedTrainer(), clips, { ...plan, folds: [4] }, null, ignore),
    ).rejects.toThrow('no fold 4: they are counted from 0 to 3');
  });

  it('leaves out of a corpus what the others do not have', async () => {
    const other = clips.map((clip) => ({
      ...clip,
      file: clip.file.replace('own', 'other'),
      dataset: 'other',
      speaker: `other ${clip.speaker}`,
      label: 'sad' as const,
    }));
    const seen: Fitting[] = [];
    const report = await crossValidate(
      scriptedTrainer({ seen }),
      [...clips, ...other],
      { ...plan, protocol: 'cross-corpus', seeds: [1] },
      null,
      ignore,
    );
    expect(report.folds.map(({ test }) => test[0])).toEqual(['other s0', 's0']);
    expect([...seen[0].given].sort()).toEqual(['s0', 's1', 's2', 's3']);
    // Of ours only the sad ones; a clip of either corpus can't be read.
    expect(report.perClassRecall.happy).toBeNull();
    expect(report.n).toBe(40 + 20 - 2);
    expect(report.skipped.filter(({ reason }) => reason === 'no other corpus has happy')).toHaveLength(20);
  });

  it('undoes the temperature where it reports the calibration error without it', async () => {
    // softmax of ±log 4 is 0.8 and 0.2; without a temperature of 2 it would be 16/17.
    const trainer = scriptedTrainer({ temperature: 2 });
    const report = await crossValidate(trainer, clips, { ...plan, seeds: [1] }, null, ignore);
    expect(report.ece.value).toBeCloseTo(0.2);
    expect(report.eceUncalibrated.value).toBeCloseTo(1 / 17);
  });
});

describe('several trainers as one', () => {
  it('give the mean of their probabilities', async () => {
    const three = [scriptedTrainer(), scriptedTrainer(), scriptedTrainer({ inverted: true })];
    const ensemble = new EnsembleTrainer(three, 'mean');
    const report = await crossValidate(
      ensemble,
      clips,
      { ...plan, protocol: 'grouped-cv', seeds: [1] },
      null,
      ignore,
    );
    expect(report.accuracy.value).toBe(1);
    // Two of three say 0.8, one 0.2: sure of 0.6 and always right.
    expect(report.ece.value).toBeCloseTo(0.4);
  });

  it('refuse members that tell other classes apart', () => {
    const other = { ...scriptedTrainer(), labels: ['happy', 'sad'] as const };
    expect(() => new EnsembleTrainer([scriptedTrainer(), other], 'mean')).toThrow('tells happy, sad apart');
  });
});

describe.each([
  [
    'an ensemble',
    (seen: Fitting[]) =>
      new EnsembleTrainer([scriptedTrainer({ seen }), scriptedTrainer({ seen })], 'weighted'),
  ],
  ['a bag', (seen: Fitting[]) => new BaggingTrainer(scriptedTrainer({ seen }), 7)],
  [
    'an ensemble of bags',
    (seen: Fitting[]) =>
      new EnsembleTrainer(
        [new BaggingTrainer(scriptedTrainer({ seen }), 4), scriptedTrainer({ seen })],
        'vote',
      ),
  ],
])('%s', (_name, trainer) => {
  it('sees nothing of the test speakers until they are scored, not even to choose or calibrate by', async () => {
    const seen: Fitting[] = [];
    const many = clipsOf(6, 40);
    const report = await crossValidate(
      trainer(seen),
      many,
      { ...plan, seeds: [1], validation: true },
      null,
      ignore,
    );
    expect(report.folds).toHaveLength(6);
    for (const { training, validation, scored } of seen) {
      // What a model learned from, what it was chosen by, and the one speaker whom it was asked about last.
      const test = scored.at(-1)!;
      expect(test.size).toBe(1);
      for (const speaker of test) {
        expect(training).not.toContain(speaker);
        expect(validation).not.toContain(speaker);
      }
      for (const earlier of scored.slice(0, -1))
        expect([...earlier].some((speaker) => test.has(speaker))).toBe(false);
      expect([...training].some((speaker) => validation.has(speaker))).toBe(false);
    }
  });
});

describe('a folder of predictions', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'predictions-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const stored = (own = clips, model = scriptedTrainer()) =>
    new PredictionFolder(folder, predictionSource(model, own, plan), '/own');

  it('is taken up again: what it holds is not trained again', async () => {
    const first = await crossValidate(scriptedTrainer(), clips, { ...plan, folds: [0, 2] }, stored(), ignore);
    const seen: Fitting[] = [];
    const all = await crossValidate(scriptedTrainer({ seen }), clips, plan, stored(), ignore);
    expect(seen).toHaveLength(4);
    expect(all.folds.find(({ fold }) => fold === 2)).toEqual(first.folds.find(({ fold }) => fold === 2));
    const fresh = await crossValidate(scriptedTrainer(), clips, plan, null, ignore);
    expect({ ...all, folds: [] }).toEqual({ ...fresh, folds: [] });
  });

  it.each([
    ['data', stored, clips.slice(1), scriptedTrainer()],
    ['setup', stored, clips, scriptedTrainer({ temperature: 3 })],
  ])('refuses a cross-validation with another %s', async (what, open, own, model) => {
    await crossValidate(scriptedTrainer(), clips, { ...plan, folds: [0] }, open(), ignore);
    await expect(crossValidate(model, own, plan, open(own, model), ignore)).rejects.toThrow(
      `of another cross-validation (other ${what})`,
    );
  });
});
