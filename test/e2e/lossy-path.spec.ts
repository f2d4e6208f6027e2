import { expect, it } from 'vitest';
import { LossyPath } from './lossy-path.ts';

it('loses and reorders about as many packets as asked, and delivers none twice', () => {
  const arrived: number[] = [];
  const path = new LossyPath((packet) => arrived.push(packet.readUInt32BE()), {
    lossShare: 0.05,
    reorderShare: 0.1,
    seed: 1,
  });
  for (let i = 0; i < 10_000; i++) {
    const packet = Buffer.alloc(4);
    packet.writeUInt32BE(i);
    path.send(packet);
  }
  expect(path.lost / 10_000).toBeCloseTo(0.05, 1);
  expect(path.reordered / 10_000).toBeCloseTo(0.1, 1);
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(10_000 - path.lost - arrived.length).toBeLessThanOrEqual(1);
  const overtaken = arrived.filter((number, i) => i > 0 && number < arrived[i - 1]).length;
  expect(overtaken).toBe(path.reordered);
});
