import type { SeededRandom } from '../seeded-random.ts';
import { type Biquad, filtered, highPass, highShelf, peaking } from './biquad.ts';

const lowCutHz: [number, number] = [50, 250];
const resonanceHz: [number, number] = [250, 5_000];
const resonanceQ: [number, number] = [0.5, 2];
const resonances = 2;
const trebleHz = 3_000;

/**
 * `samples` through a random microphone: a cut below 50–250 Hz, two resonances, and a tilt of the treble, each of at most
 * ± `rangeDb`.
 */
export function throughMicrophone(
  samples: Float32Array,
  rangeDb: number,
  sampleRateHz: number,
  random: SeededRandom,
): Float32Array {
  const sections: Biquad[] = [highPass(random.between(...lowCutHz), Math.SQRT1_2, sampleRateHz)];
  for (let i = 0; i < resonances; i++) {
    const hz = resonanceHz[0] * (resonanceHz[1] / resonanceHz[0]) ** random.next();
    const q = random.between(...resonanceQ);
    sections.push(peaking(hz, q, random.between(-rangeDb, rangeDb), sampleRateHz));
  }
  sections.push(highShelf(trebleHz, Math.SQRT1_2, random.between(-rangeDb, rangeDb), sampleRateHz));
  return filtered(samples, sections);
}
