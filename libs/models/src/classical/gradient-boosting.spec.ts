import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import type { LabelledRows } from './classifier.ts';
import { boost } from './gradient-boosting.ts';
import { leafPenalty, leastCurvature } from './newton-tree.ts';

const everything = { depth: 2, rate: 0.3, rowShare: 1, featureShare: 1 };

/** Three classes by two features of nine values each, so that every threshold has a bin of its own. */
function grid(seed: number, rows: number): LabelledRows {
  const random = new SeededRandom(seed);
  const points = Array.from({ length: rows }, () =>
    Float64Array.of(random.integer(9), random.integer(9), random.integer(9)),
  );
  const labels = points.map(([x, y]) => (x > 4 !== y > 4 ? 1 : x + y > 9 ? 2 : 0));
  return { rows: points, labels, classes: 3 };
}

/** The same boosting over all thresholds between values, in the simplest way that there is: no bins, no sampling. */
function reference(
  { rows, labels, classes: C }: LabelledRows,
  rounds: number,
  asked: readonly Float64Array[],
): number[][] {
  const counts = Array.from({ length: C }, (_, c) => labels.filter((label) => label === c).length);
  const weights = labels.map((label) => labels.length / (C * counts[label]));
  const softmax = (scores: number[]) => {
    const powers = scores.map(Math.exp);
    return powers.map((power) => power / powers.reduce((sum, value) => sum + value, 0));
  };
  const scores = rows.map(() => new Array<number>(C).fill(0));
  const answers = asked.map(() => new Array<number>(C).fill(0));
  for (let round = 0; round < rounds; round++) {
    const steps = Array.from({ length: C }, (_, c) => {
      const g = rows.map((_, i) => weights[i] * (softmax(scores[i])[c] - (labels[i] === c ? 1 : 0)));
      const h = rows.map((_, i) => weights[i] * softmax(scores[i])[c] * (1 - softmax(scores[i])[c]));
      const total = (own: number[], of: number[]) => own.reduce((sum, i) => sum + of[i], 0);
      const worth = (own: number[]) => total(own, g) ** 2 / (total(own, h) + leafPenalty);
      const tree = (own: number[], depth: number): ((row: Float64Array) => number) => {
        let best = { gain: 1e-9, feature: -1, threshold: 0 };
        for (let feature = 0; depth > 0 && feature < 3; feature++) {
          for (let threshold = 0.5; threshold < 8; threshold++) {
            const low = own.filter((i) => rows[i][feature] < threshold);
            const high = own.filter((i) => rows[i][feature] >= threshold);
            if (total(low, h) < leastCurvature || total(high, h) < leastCurvature) continue;
            const gain = worth(low) + worth(high) - worth(own);
            if (gain > best.gain + 1e-12) best = { gain, feature, threshold };
          }
        }
        if (best.feature < 0) return () => -total(own, g) / (total(own, h) + leafPenalty);
        const isLow = (row: Float64Array) => row[best.feature] < best.threshold;
        const low = tree(
          own.filter((i) => isLow(rows[i])),
          depth - 1,
        );
        const high = tree(
          own.filter((i) => !isLow(rows[i])),
          depth - 1,
        );
        return (row) => (isLow(row) ? low(row) : high(row));
      };
      return tree([...rows.keys()], everything.depth);
    });
    for (const [c, step] of steps.entries()) {
      for (const [i, row] of rows.entries()) scores[i][c] += everything.rate * step(row);
      for (const [i, row] of asked.entries()) answers[i][c] += everything.rate * step(row);
    }
  }
  return answers.map(softmax);
}

describe('gradient boosting', () => {
  it('is what the plainest implementation makes of the same data, to 1e-5', () => {
    const training = grid(1, 160);
    const { rows: asked } = grid(2, 40);
    const expected = reference(training, 6, asked);
    const answers = boost(training, { ...everything, rounds: 6 }, 1).probabilities(asked);
    for (const [i, answer] of answers.entries())
      for (const [c, p] of answer.entries()) expect(p).toBeCloseTo(expected[i][c], 5);
  });

  it('starts with the Newton step that is worked out by hand', () => {
    // Two classes of four, told apart by one feature: p = 1/2, so G = ∓2 and H = 1 in each leaf, a step of ±2 / (1 + 1).
    const rows = Array.from({ length: 8 }, (_, i) => Float64Array.of(i < 4 ? 0 : 1));
    const labels = rows.map(([value]) => value);
    const once = { rounds: 1, depth: 1, rate: 1, rowShare: 1, featureShare: 1 };
    const [[first]] = boost({ rows, labels, classes: 2 }, once, 1).probabilities([rows[0]]);
    expect(first).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });

  it('learns what no line separates, and knows which features decide', () => {
    const test = grid(4, 200);
    const boosted = boost(grid(3, 400), { ...everything, rounds: 40 }, 1);
    const answers = boosted.probabilities(test.rows);
    const right = answers.filter((answer, i) => answer.indexOf(Math.max(...answer)) === test.labels[i]);
    expect(right.length / answers.length).toBeGreaterThan(0.97);
    expect(boosted.importance![2]).toBeLessThan(0.05);
  });
});
