import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { mixup } from './mixup.ts';
import type { TrainingExample } from './training-example.ts';

const example = (value: number, steps: number, classMask: number[]): TrainingExample => ({
  steps: new Float32Array(2 * steps).fill(value),
  target: {
    classes: Float32Array.of(value, 1 - value),
    dimensions: Float32Array.of(value, -value),
    classMask: Float32Array.from(classMask),
    weight: 1 + value,
  },
});
const all = { alpha: 0.5, share: 1 };

describe('mixup', () => {
  it('mixes steps, targets and weight by the same share, of which the clip itself has the larger', () => {
    const pair = [example(0, 9, [1, 1]), example(1, 6, [1, 1])];
    const random = new SeededRandom(1);
    let least = 1;
    for (let i = 0; i < 200; i++) {
      const [first, second] = mixup(pair, all, random);
      const share = first.steps[0];
      expect(share).toBeLessThanOrEqual(0.5);
      expect(first.target.classes[0]).toBe(share);
      expect(first.target.dimensions[1]).toBeCloseTo(-share, 6);
      expect(first.target.weight).toBeCloseTo(1 + share, 6);
      expect(new Set(first.steps).size).toBe(1);
      expect(second.steps[0]).toBeGreaterThanOrEqual(0.5);
      least = Math.min(least, second.steps[0]);
    }
    expect(least).toBeLessThan(0.55);
  });

  it('reaches as far as the shorter clip', () => {
    const mixed = mixup([example(0, 9, [1, 1]), example(1, 6, [1, 1])], all, new SeededRandom(1));
    expect(mixed.map(({ steps }) => steps.length)).toEqual([12, 12]);
  });

  it('leaves clips alone that have no partner with the same classes, or only a silent one', () => {
    const examples = [example(0, 9, [1, 0]), example(1, 6, [0, 1]), example(1, 0, [1, 0])];
    const mixed = mixup(examples, all, new SeededRandom(1));
    expect(mixed[0]).toBe(examples[0]);
    expect(mixed[1]).toBe(examples[1]);
  });

  it('mixes the share of clips that was asked for', () => {
    const examples = Array.from({ length: 1_000 }, (_, i) => example(i / 1_000, 1, [1, 1]));
    const mixed = mixup(examples, { alpha: 0.5, share: 0.3 }, new SeededRandom(1));
    const count = mixed.filter((own, i) => own !== examples[i]).length;
    expect(count).toBeGreaterThan(250);
    expect(count).toBeLessThan(350);
  });

  it('draws nothing when it is off, so that a run stays what it was', () => {
    const random = new SeededRandom(1);
    const examples = [example(0, 9, [1, 1]), example(1, 6, [1, 1])];
    expect(mixup(examples, { alpha: 0, share: 1 }, random)).toEqual(examples);
    expect(random.next()).toBe(new SeededRandom(1).next());
  });
});
