import { expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { eceFloor } from './ece-floor.ts';
import type { JudgedClip } from './judged-clip.ts';
import { scoresOf } from './scores.ts';

/** Clips of a model whose confidence is exactly as often right as it says. */
function calibrated(count: number, seed: number): JudgedClip[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const confidence = random.between(0.5, 1);
    return {
      file: `${i}.wav`,
      speaker: 's',
      dataset: 'own',
      gender: 'female',
      seconds: 1,
      label: random.next() < confidence ? 0 : 1,
      probabilities: Float32Array.of(confidence, 1 - confidence),
    };
  });
}

it('is what calibrated models are measured with on average', () => {
  const clips = calibrated(100, 1);
  let sum = 0;
  for (let seed = 1; seed <= 100; seed++) sum += scoresOf(calibrated(100, seed), 2).ece / 100;
  expect(Math.abs(eceFloor(clips) - sum)).toBeLessThan(0.01);
});

it('falls with the number of clips, not with that of the seeds', () => {
  const few = eceFloor(calibrated(100, 1));
  expect(eceFloor(calibrated(2_500, 1))).toBeLessThan(few / 3);
  const thrice = [1, 2, 3].flatMap(() => calibrated(100, 1));
  expect(Math.abs(eceFloor(thrice) - few)).toBeLessThan(0.01);
});
