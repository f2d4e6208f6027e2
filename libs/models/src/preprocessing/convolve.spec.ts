import { expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { convolve } from './convolve.ts';

const random = new SeededRandom(5);
const noise = (count: number) => Float32Array.from({ length: count }, () => random.normal());

/** By the definition. */
function direct(samples: Float32Array, response: Float32Array): Float64Array {
  return Float64Array.from(samples, (_, i) => {
    let sum = 0;
    for (let k = 0; k <= i && k < response.length; k++) sum += response[k] * samples[i - k];
    return sum;
  });
}

it.each([
  [1_000, 1],
  [3_000, 300],
  [257, 1_000],
  [0, 10],
])('convolves %i samples with a response of %i as the definition says', (count, length) => {
  const samples = noise(count);
  const response = noise(length);
  const wanted = direct(samples, response);
  const found = convolve(samples, response);
  expect(found).toHaveLength(count);
  for (const [i, value] of wanted.entries()) expect(Math.abs(found[i] - value)).toBeLessThan(1e-4);
});
