import { describe, expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import type { ClipTrainer } from './clip-trainer.ts';
import { crossValidate } from './cross-validate.ts';
import { EnsembleTrainer } from './ensemble-trainer.ts';

type Label = 'sad' | 'happy';
const labels: readonly Label[] = ['sad', 'happy'];
const clips: Clip<Label>[] = Array.from({ length: 40 }, (_, i) => ({
  file: `/own/${i}.wav`,
  dataset: 'own',
  speaker: `s${i % 4}`,
  gender: i % 2 === 0 ? 'male' : 'female',
  language: 'en',
  label: labels[(i >> 2) % 2],
}));

/** Always right under odd seeds, never under even ones; writes down what it was trained on. */
function scripted(seen: { seed: number; speakers: Set<string> }[] = []): ClipTrainer<Label> {
  return {
    name: 'scripted',
    random: true,
    labels,
    fit: async (training, seed) => {
      seen.push({ seed, speakers: new Set(training.map(({ speaker }) => speaker)) });
      return {
        chosen: { seed },
        score: async (own) => ({
          judged: own.slice(1).map(({ file, speaker, dataset, gender, label }) => {
            const index = labels.indexOf(label);
            const right = seed % 2 === 1 ? index : 1 - index;
            const probabilities = Float32Array.from(labels, (_, c) => (c === right ? 0.8 : 0.2));
            return { file, speaker, dataset, gender, seconds: 36, label: index, probabilities };
          }),
          skipped: [{ file: own[0].file, reason: 'broken' }],
        }),
        close: async () => {},
      };
    },
  };
}

describe('cross-validation', () => {
  it('never trains on the speakers that it scores, and scores every clip once a seed', async () => {
    const seen: { seed: number; speakers: Set<string> }[] = [];
    const report = await crossValidate(scripted(seen), clips, 'loso', [1, 2], {}, () => {});
    expect(report.folds).toHaveLength(8);
    for (const [i, { seed, training, test, chosen }] of report.folds.entries()) {
      expect(seen[i].seed).toBe(seed);
      expect([...seen[i].speakers].sort()).toEqual(training);
      expect(training).not.toContain(test[0]);
      expect(chosen).toEqual({ seed });
    }
    expect(report.n).toBe(36);
    expect(report.skipped).toHaveLength(4);
  });

  it('reports means over seeds, and what was read of whom', async () => {
    const report = await crossValidate(scripted(), clips, 'loso', [1, 2], {}, () => {});
    expect(report.uar.value).toBeCloseTo(0.5);
    expect(report.overSeeds.mean).toBeCloseTo(0.5);
    expect(report.overSeeds.deviation).toBeCloseTo(Math.SQRT1_2);
    expect(report.overFolds).toEqual({ mean: 0.5, deviation: 0 });
    expect(report.perGender.female).toMatchObject({ n: 18, speakers: 2 });
    expect(report.perCorpus.own).toMatchObject({ n: 36, speakers: 4, hours: 0.36 });
    expect(report.perCorpus.own.classes.happy).toMatchObject({ clips: 20, speakers: 4, hours: 0.2 });
    expect(report.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(36);
  });

  it('averages the probabilities of an ensemble', async () => {
    const inverted: ClipTrainer<Label> = { ...scripted(), fit: (own, seed) => scripted().fit(own, seed + 1) };
    const ensemble = new EnsembleTrainer([scripted(), scripted(), inverted]);
    const report = await crossValidate(ensemble, clips, 'grouped-cv', [1], {}, () => {});
    expect(report.accuracy.value).toBe(1);
    // Two of three say 0.8, one 0.2: sure of 0.6 and always right.
    expect(report.ece.value).toBeCloseTo(0.4);
  });
});
