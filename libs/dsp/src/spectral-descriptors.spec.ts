import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpectralDescriptors } from './spectral-descriptors.ts';

const { spectrum: golden } = JSON.parse(
  readFileSync(new URL('../golden/librosa-descriptors.json', import.meta.url), 'utf8'),
);
const frames: Float32Array[] = golden.logMel.map((row: number[]) => Float32Array.from(row));

/** What is said of each of `rows`, one after the other. */
function describeAll(rows: readonly Float32Array[], descriptors = new SpectralDescriptors(rows[0].length)) {
  return rows.map((row) => {
    descriptors.push(row);
    const { centroid, entropy, flux, rollOff } = descriptors;
    return { centroid, entropy, flux, rollOff };
  });
}

describe('descriptors of the spectrum', () => {
  it('agree with librosa, scipy and numpy on real speech', () => {
    const found = describeAll(frames);
    expect(found).toHaveLength(12);
    for (const [i, { centroid, entropy, flux, rollOff }] of found.entries()) {
      expect(centroid).toBeCloseTo(golden.centroid[i], 5);
      expect(entropy).toBeCloseTo(golden.entropy[i], 5);
      expect(rollOff).toBeCloseTo(golden.rollOff[i], 4);
      expect(Math.ceil(rollOff) - 1).toBe(golden.rollOffBand[i]);
      if (i > 0) expect(flux).toBeCloseTo(golden.flux[i - 1], 5);
    }
  });

  it('know a single band from a flat spectrum', () => {
    const single = new Float32Array(40).fill(-23);
    single[7] = 2;
    const [peaked, flat] = describeAll([single, new Float32Array(40)]);
    expect(peaked.centroid).toBeCloseTo(7, 5);
    expect(peaked.entropy).toBeCloseTo(0, 5);
    expect(peaked.rollOff).toBeCloseTo(7.85, 5);
    expect(flat.centroid).toBeCloseTo(19.5, 9);
    expect(flat.entropy).toBeCloseTo(Math.log(40), 9);
    expect(flat.rollOff).toBeCloseTo(34, 9);
  });

  it('stay the same at any level', () => {
    const row = fc.array(fc.double({ min: -20, max: 5, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(row, row, fc.double({ min: -3, max: 3, noNaN: true }), (first, second, gain) => {
        const at = (level: number) =>
          describeAll([first, second].map((values) => Float32Array.from(values, (value) => value + level)));
        for (const [i, moved] of at(gain).entries()) {
          for (const [name, value] of Object.entries(at(0)[i])) {
            expect(Math.abs(value - moved[name as keyof typeof moved])).toBeLessThan(1e-4);
          }
        }
      }),
    );
  });

  it('have no flux at the beginning, nor after a reset', () => {
    const descriptors = new SpectralDescriptors(40);
    const first = describeAll(frames, descriptors);
    expect(first[0].flux).toBe(0);
    descriptors.reset();
    expect(describeAll(frames, descriptors)).toEqual(first);
  });
});
