import { expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { throughMicrophone } from './microphone.ts';

const tone = (hz: number) =>
  Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * hz * i) / 16_000));
/** Power from the second half on, when filters have settled. */
const gainDb = (samples: Float32Array) =>
  10 * Math.log10(samples.subarray(8_000).reduce((sum, sample) => sum + sample * sample, 0) / 4_000);

it('colours the voice differently every time, within its range, and takes the rumble away', () => {
  const gains = [1, 2, 3, 4, 5, 6].map((seed) =>
    [15, 1_000, 4_000].map((hz) => gainDb(throughMicrophone(tone(hz), 8, 16_000, new SeededRandom(seed)))),
  );
  for (const [rumble, middle, treble] of gains) {
    expect(rumble).toBeLessThan(middle - 5);
    // Three parts of at most 8 dB each.
    expect(Math.abs(middle)).toBeLessThan(24);
    expect(Math.abs(treble)).toBeLessThan(24);
  }
  expect(new Set(gains.map(([, middle]) => middle.toFixed(1))).size).toBeGreaterThan(4);
});

it('only takes the rumble away where its range is 0', () => {
  expect(gainDb(throughMicrophone(tone(2_000), 0, 16_000, new SeededRandom(1)))).toBeCloseTo(0, 1);
});
