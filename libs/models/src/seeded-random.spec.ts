import { expect, it } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

it.each([0.2, 1, 3])('draws from Beta(α, α) with the mean and variance that it has, α = %d', (alpha) => {
  const random = new SeededRandom(5);
  const count = 40_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = random.beta(alpha, alpha);
    sum += value;
    squares += (value - 0.5) ** 2;
  }
  const variance = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(sum / count - 0.5)).toBeLessThan(5 * Math.sqrt(variance / count));
  expect(squares / count / variance).toBeCloseTo(1, 1);
});

it('draws from the gamma distribution with the mean and variance of its shape', () => {
  const random = new SeededRandom(6);
  for (const shape of [0.3, 2, 7]) {
    const drawn = Array.from({ length: 40_000 }, () => random.gamma(shape));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(mean / shape).toBeCloseTo(1, 1);
    expect(variance / shape).toBeCloseTo(1, 1);
  }
});
