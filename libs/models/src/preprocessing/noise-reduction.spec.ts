import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { SeededRandom } from '../seeded-random.ts';
import { colouredNoise, withNoise } from './background-noise.ts';
import { toFloat } from './int16.ts';
import { withoutNoise } from './noise-reduction.ts';

const sentences = ['08a02Wc', '11a02Nc', '11b09Fd'].map((name) =>
  fileURLToPath(new URL(`../../../../test/fixtures/speech/${name}.wav`, import.meta.url)),
);

const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);
/** Signal-to-noise ratio of `heard`, where `speech` is what there was to hear. */
const snrDb = (heard: Float32Array, speech: Float32Array) =>
  10 * Math.log10(power(speech) / power(heard.map((sample, i) => sample - speech[i])));

describe('noise reduction', () => {
  let recordings: Float32Array[];
  beforeAll(async () => {
    recordings = (await Promise.all(sentences.map((file) => readSpeech(file)))).map(toFloat);
  });

  it.each([
    ['white', 0, 8],
    ['white', 10, 5.5],
    ['pink', 0, 4],
    ['pink', 10, 3],
  ] as const)('in %s noise at %i dB gains at least %i dB on real speech', (colour, atDb, gainDb) => {
    for (const [i, speech] of recordings.entries()) {
      const noisy = withNoise(speech, colouredNoise(colour, speech.length, new SeededRandom(i)), atDb);
      expect(snrDb(withoutNoise(noisy), speech) - snrDb(noisy, speech)).toBeGreaterThan(gainDb);
    }
  });

  it('hardly changes clean speech', () => {
    for (const speech of recordings) expect(snrDb(withoutNoise(speech), speech)).toBeGreaterThan(35);
  });

  it('takes noise alone down to its floor', () => {
    const noise = colouredNoise('white', 32_000, new SeededRandom(1)).map((sample) => 0.01 * sample);
    expect(10 * Math.log10(power(withoutNoise(noise)) / power(noise))).toBeLessThan(-10);
  });

  it('adds up what it does not change, ends included', () => {
    // A sweep is in each band for a moment only: nothing of it is steady.
    const count = 32_000;
    const sweep = Float32Array.from(
      { length: count },
      (_, i) => 0.1 * Math.cos(2 * Math.PI * (0.02 * i + (0.4 * i * i) / (2 * count))),
    );
    const heard = withoutNoise(sweep);
    for (const [start, end] of [
      [0, 400],
      [400, count - 400],
      [count - 400, count],
    ]) {
      expect(snrDb(heard.subarray(start, end), sweep.subarray(start, end))).toBeGreaterThan(30);
    }
  });

  it('leaves silence and what is shorter than a window alone', () => {
    for (const length of [0, 1, 511, 5_000]) {
      expect(withoutNoise(new Float32Array(length))).toEqual(new Float32Array(length));
    }
    const short = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i));
    expect(withoutNoise(short)).toEqual(short);
  });
});
