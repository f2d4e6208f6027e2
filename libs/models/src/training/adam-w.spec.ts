import { expect, it } from 'vitest';
import { AdamW } from './adam-w.ts';

it('finds the minimum of a badly scaled parabola', () => {
  const weights = new Map([['kernel', Float32Array.of(5, -3)]]);
  const optimizer = new AdamW({ weightDecay: 0, l1Penalty: 0, clipNorm: 1e9 });
  for (let i = 0; i < 2_000; i++) {
    const [x, y] = weights.get('kernel')!;
    optimizer.update(weights, new Map([['kernel', Float32Array.of(2 * (x - 1), 200 * (y - 2))]]), 0.02);
  }
  expect(weights.get('kernel')![0]).toBeCloseTo(1, 2);
  expect(weights.get('kernel')![1]).toBeCloseTo(2, 2);
});

it('takes a first step of the learning rate, whatever the size of the gradient', () => {
  const weights = new Map([['kernel', Float32Array.of(0)]]);
  new AdamW({ weightDecay: 0, l1Penalty: 0, clipNorm: 1 }).update(
    weights,
    new Map([['kernel', Float32Array.of(1e4)]]),
    0.1,
  );
  expect(weights.get('kernel')![0]).toBeCloseTo(-0.1, 5);
});

it('lets kernels decay, but not biases', () => {
  const weights = new Map([
    ['a.kernel', Float32Array.of(1)],
    ['a.bias', Float32Array.of(1)],
    ['gru.candidateBias', Float32Array.of(1)],
  ]);
  const none = new Map([...weights.keys()].map((name) => [name, Float32Array.of(0)]));
  new AdamW({ weightDecay: 0.5, l1Penalty: 0, clipNorm: 1 }).update(weights, none, 0.1);
  expect(weights.get('a.kernel')![0]).toBeCloseTo(0.95);
  expect(weights.get('a.bias')![0]).toBe(1);
  expect(weights.get('gru.candidateBias')![0]).toBe(1);
});

it('drives kernels that nothing pulls at to exactly 0 under L1, and moves the others by as much', () => {
  const weights = new Map([
    ['a.kernel', Float32Array.of(0.003, -0.003, 1)],
    ['a.bias', Float32Array.of(0.003)],
  ]);
  const none = new Map([
    ['a.kernel', new Float32Array(3)],
    ['a.bias', new Float32Array(1)],
  ]);
  const optimizer = new AdamW({ weightDecay: 0, l1Penalty: 0.02, clipNorm: 1 });
  for (let i = 0; i < 3; i++) optimizer.update(weights, none, 0.1);
  expect([...weights.get('a.kernel')!.subarray(0, 2)]).toEqual([0, 0]);
  expect(weights.get('a.kernel')![2]).toBeCloseTo(1 - 3 * 0.1 * 0.02, 6);
  expect(weights.get('a.bias')![0]).toBeCloseTo(0.003, 8);
});
