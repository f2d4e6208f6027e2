import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CausalDelta } from './causal-delta.ts';

const golden = JSON.parse(
  readFileSync(new URL('../golden/librosa-descriptors.json', import.meta.url), 'utf8'),
);
const frames: number[][] = golden.spectrum.logMel;

/** The deltas of each of `rows`, one after the other. */
function deltasOf(rows: readonly number[][], delta = new CausalDelta(rows[0].length)): number[][] {
  const width = rows[0].length;
  return rows.map((row) => {
    const values = new Float32Array(2 * width + 1);
    values.set(row, 1);
    delta.push(values, 1, width + 1);
    return [...values.subarray(width + 1)];
  });
}

describe('causal deltas', () => {
  it('are librosa’s of two frames before', () => {
    const found = deltasOf(frames);
    for (let t = 2; t < frames.length; t++) {
      for (const [i, wanted] of golden.delta[t - 2].entries()) expect(found[t][i]).toBeCloseTo(wanted, 5);
    }
  });

  it('are the slope of a line once five frames of it are known, and 0 for the first frame', () => {
    const found = deltasOf(Array.from({ length: 9 }, (_, t) => [3 + 0.5 * t, 100 - 2 * t]));
    expect(found[0]).toEqual([0, 0]);
    for (const [up, down] of found.slice(4)) {
      expect(up).toBeCloseTo(0.5, 5);
      expect(down).toBeCloseTo(-2, 5);
    }
  });

  it('are multiplied by the gain', () => {
    const [plain, amplified] = [1, 4].map((gain) => deltasOf(frames, new CausalDelta(40, gain))[7]);
    for (const [i, value] of plain.entries()) expect(amplified[i]).toBeCloseTo(4 * value, 5);
  });

  it('start anew after a reset', () => {
    const delta = new CausalDelta(40);
    const first = deltasOf(frames, delta);
    delta.reset();
    expect(deltasOf(frames, delta)).toEqual(first);
  });
});
