import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import type { LabelledRows } from './classifier.ts';
import { gradientBoosting } from './gradient-boosting.ts';
import { fitProjection, projectionNames } from './projection.ts';
import { randomForest } from './random-forest.ts';
import { fitStandardisation } from './standardisation.ts';
import { linearSupportVectors, rbfSupportVectors } from './support-vectors.ts';

/** Three clouds in eight dimensions, of which the first two tell them apart; the third class is rare. */
function clouds(seed: number, rows: number): LabelledRows {
  const random = new SeededRandom(seed);
  const labels = Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? 2 : i % 2));
  return {
    labels,
    classes: 3,
    rows: labels.map((label) => {
      const row = Float64Array.from({ length: 8 }, () => random.normal());
      row[0] += 4 * label;
      row[1] += label === 1 ? 3 : 0;
      return row;
    }),
  };
}

const training = clouds(1, 200);
const test = clouds(2, 200);

function recalls(answers: readonly Float32Array[]): number[] {
  return [0, 1, 2].map((c) => {
    const own = answers.filter((_, i) => test.labels[i] === c);
    return own.filter((answer) => answer.indexOf(Math.max(...answer)) === c).length / own.length;
  });
}

describe.each([randomForest, gradientBoosting, rbfSupportVectors, linearSupportVectors])('$name', (kind) => {
  it('finds every class of unseen rows, the rare one too', async () => {
    const classifier = await kind.fit(training, kind.settings[0], 1);
    const answers = classifier.probabilities(test.rows);
    for (const recall of recalls(answers)) expect(recall).toBeGreaterThan(0.8);
    for (const answer of answers) expect(answer.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    classifier.free();
  });

  it('gives decisions alone where that is all that is asked for', async () => {
    const classifier = await kind.fit(training, kind.settings[0], 1, true);
    for (const recall of recalls(classifier.probabilities(test.rows))) expect(recall).toBeGreaterThan(0.8);
    classifier.free();
  });
});

describe('a random forest', () => {
  it('is the same for the same seed and another for another', async () => {
    const answers = async (seed: number) =>
      (await randomForest.fit(training, 2, seed)).probabilities(test.rows);
    expect(await answers(3)).toEqual(await answers(3));
    expect(await answers(4)).not.toEqual(await answers(3));
  });

  it('knows which features decide', async () => {
    const { importance } = await randomForest.fit(training, 2, 1);
    const ranked = Array.from(importance!.keys()).sort((a, b) => importance![b] - importance![a]);
    expect(ranked.slice(0, 2).sort()).toEqual([0, 1]);
    expect(importance!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });
});

describe('a projection', () => {
  it.each(projectionNames)('%s leaves the classes apart', async (name) => {
    const project = fitProjection(name, training);
    const classifier = await rbfSupportVectors.fit({ ...training, rows: training.rows.map(project) }, 3, 1);
    for (const recall of recalls(classifier.probabilities(test.rows.map(project))))
      expect(recall).toBeGreaterThan(0.8);
    classifier.free();
  });

  it('on principal components keeps the variance in fewer, uncorrelated numbers', () => {
    const random = new SeededRandom(5);
    const rows = Array.from({ length: 500 }, () => {
      const [a, b] = [3 * random.normal(), random.normal()];
      return Float64Array.of(a + b, a - b, 2 * a, 0.01 * random.normal());
    });
    const projected = rows.map(fitProjection('pca', { rows, labels: rows.map(() => 0), classes: 1 }));
    expect(projected[0]).toHaveLength(1);
    const variance = projected.reduce((sum, [value]) => sum + value * value, 0) / rows.length;
    // Along (1, 1, 2): 6 · 9; b lies across it.
    expect(variance / 54).toBeGreaterThan(0.8);
    expect(variance / 54).toBeLessThan(1.2);
  });

  it('on discriminants keeps one direction less than there are classes', () => {
    expect(fitProjection('lda', training)(training.rows[0])).toHaveLength(2);
  });
});

it('standardises with the statistics of the rows learned from, holds outliers back and drops what never changes', () => {
  const standardise = fitStandardisation([Float64Array.of(1, 7), Float64Array.of(3, 7)]);
  expect(standardise(Float64Array.of(3, 7))).toEqual(Float64Array.of(1, 0));
  expect(standardise(Float64Array.of(1_000, 8))).toEqual(Float64Array.of(5, 0));
});
