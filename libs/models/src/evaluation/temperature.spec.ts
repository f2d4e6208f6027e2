import { expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { fitTemperature } from './temperature.ts';

it('finds the factor by which logits were overconfident', () => {
  const random = new SeededRandom(3);
  const rows = 4_000;
  const logits = new Float32Array(rows * 3);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const honest = [random.normal(), random.normal(), random.normal()];
    const weights = honest.map(Math.exp);
    // Draws the label from the softmax of the honest logits.
    let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
    labels[row] = weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
    logits.set(
      honest.map((value) => 2.5 * value),
      row * 3,
    );
  }
  expect(fitTemperature(logits, labels)).toBeGreaterThan(2.3);
  expect(fitTemperature(logits, labels)).toBeLessThan(2.7);
});
