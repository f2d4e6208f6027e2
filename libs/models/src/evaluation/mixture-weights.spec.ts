import { expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { fitMixtureWeights } from './mixture-weights.ts';

it('finds the weights of the mixture that the clips were drawn from', () => {
  // Two members that know where each clip comes from: one explains 70 % of them, the other the rest.
  const random = new SeededRandom(2);
  const right = Array.from({ length: 4_000 }, () => (random.next() < 0.7 ? [0.9, 0.1] : [0.1, 0.9]));
  const clipWeights = right.map(() => 1);
  const [first, second] = fitMixtureWeights(right, clipWeights);
  // Independent: the maximum of the same log likelihood on a grid.
  let best = { weight: 0, value: Number.NEGATIVE_INFINITY };
  for (let weight = 0.005; weight < 1; weight += 0.005) {
    const value = right.reduce((sum, [a, b]) => sum + Math.log(weight * a + (1 - weight) * b), 0);
    if (value > best.value) best = { weight, value };
  }
  expect(first).toBeCloseTo(best.weight, 2);
  expect(first + second).toBeCloseTo(1);
});

it('stays near equal weights when there are few clips, and silences nobody', () => {
  const [first, second] = fitMixtureWeights([[0.9, 0.1]], [1]);
  expect(first).toBeGreaterThan(second);
  expect(second).toBeGreaterThan(0.3);
});

it('counts a clip as much as it weighs', () => {
  const right = [
    ...Array.from({ length: 90 }, () => [0.8, 0.2]),
    ...Array.from({ length: 10 }, () => [0.2, 0.8]),
  ];
  const [first, second] = fitMixtureWeights(
    right,
    right.map((_, i) => (i < 90 ? 100 / 180 : 5)),
  );
  expect(first).toBeCloseTo(second, 5);
});
