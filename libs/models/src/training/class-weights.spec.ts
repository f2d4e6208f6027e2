import { expect, it } from 'vitest';
import { classWeights } from './class-weights.ts';

const counts = [100, 10, 0, 1];
/** Share of the loss that each class has. */
const shares = (weights: number[]) => weights.map((weight, c) => (weight * counts[c]) / 111);

it('gives every class that has clips the same share when balanced', () => {
  expect(shares(classWeights(counts, 'balanced', 0.99)).map((share) => share.toFixed(6))).toEqual([
    '0.333333',
    '0.333333',
    '0.000000',
    '0.333333',
  ]);
});

it('leaves clips alone when off', () => {
  expect(classWeights(counts, 'none', 0.99)).toEqual([1, 1, 0, 1]);
});

it('weighs by the effective number in between, as computed term by term', () => {
  const beta = 0.95;
  // 1 + β + β² + … of n terms.
  const effective = (n: number) => Array.from({ length: n }, (_, i) => beta ** i).reduce((a, b) => a + b, 0);
  const weights = classWeights(counts, 'effective-number', beta);
  expect(weights[0] / weights[3]).toBeCloseTo(effective(1) / effective(100), 10);
  expect(weights[1] / weights[3]).toBeCloseTo(effective(1) / effective(10), 10);
  expect(shares(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
});

it('reaches from none to balanced by β', () => {
  for (const [c, weight] of classWeights(counts, 'effective-number', 0).entries()) {
    expect(weight).toBeCloseTo(classWeights(counts, 'none', 0)[c], 10);
  }
  for (const [c, weight] of classWeights(counts, 'effective-number', 0.999999).entries()) {
    expect(weight).toBeCloseTo(classWeights(counts, 'balanced', 0)[c], 2);
  }
});
