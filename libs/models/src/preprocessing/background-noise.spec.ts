import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { babble } from './babble.ts';
import { colouredNoise, noiseColours, withNoise } from './background-noise.ts';
import { butterworthLowPass, filtered } from './biquad.ts';
import { speechPower } from './speech-level.ts';

const power = (samples: Float32Array) =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
const decibels = (ratio: number) => 10 * Math.log10(ratio);

/** How much louder the octave from 1 kHz is than the one below. */
function octaveDb(samples: Float32Array): number {
  const below = (hz: number) => power(filtered(samples, butterworthLowPass(hz, 4, 16_000)));
  return decibels((below(2_000) - below(1_000)) / (below(1_000) - below(500)));
}

describe('background noise', () => {
  it.each([
    ['white', 3],
    ['pink', 0],
    ['brown', -3],
  ] as const)('%s changes by %d dB from octave to octave', (colour, wantedDb) => {
    const noise = colouredNoise(colour, 160_000, new SeededRandom(2));
    expect(Math.abs(octaveDb(noise) - wantedDb)).toBeLessThan(0.7);
  });

  it('lies as far below the speech as asked, pauses left out', () => {
    const speech = Float32Array.from({ length: 32_000 }, (_, i) => (i < 16_000 ? 0.2 * Math.sin(i / 5) : 0));
    for (const colour of noiseColours) {
      const noise = colouredNoise(colour, speech.length, new SeededRandom(1));
      const added = withNoise(speech, noise, 12).map((sample, i) => sample - speech[i]);
      expect(decibels(0.02 / power(added))).toBeCloseTo(12, 1);
    }
  });

  it('leaves silence silent', () => {
    const noise = colouredNoise('white', 100, new SeededRandom(1));
    expect(power(withNoise(new Float32Array(100), noise, 0))).toBe(0);
    expect(withNoise(new Float32Array(0), new Float32Array(0), 0)).toHaveLength(0);
  });
});

it('measures the level of speech without its pauses', () => {
  const halfSilent = Float32Array.from({ length: 6_400 }, (_, i) => (i < 3_200 ? 0.5 : 1e-4));
  expect(speechPower(halfSilent)).toBeCloseTo(0.25, 6);
  expect(speechPower(new Float32Array(640))).toBe(0);
});

describe('babble', () => {
  const voice = (hz: number) =>
    Int16Array.from({ length: 8_000 }, (_, i) => 5_000 * Math.sin((2 * Math.PI * hz * i) / 16_000));

  it('goes on as long as asked, with every voice in it', () => {
    const one = babble([voice(200)], 40_000, new SeededRandom(1));
    const two = babble([voice(200), voice(900)], 40_000, new SeededRandom(1));
    expect(two).toHaveLength(40_000);
    const between = (samples: Float32Array) =>
      power(filtered(samples, butterworthLowPass(450, 4, 16_000))) / power(samples);
    expect(between(one)).toBeGreaterThan(0.95);
    expect(between(two)).toBeLessThan(0.9);
    for (let at = 0; at < two.length; at += 4_000)
      expect(power(two.subarray(at, at + 4_000))).toBeGreaterThan(0.05);
  });

  it('plays a voice at another speed every time', () => {
    const crossings = (samples: Float32Array) =>
      samples.reduce((count, sample, i) => count + Number(i > 0 && sample < 0 !== samples[i - 1] < 0), 0);
    const counts = [1, 2, 3].map((seed) => crossings(babble([voice(400)], 16_000, new SeededRandom(seed))));
    expect(new Set(counts).size).toBe(3);
    for (const count of counts) {
      expect(count).toBeGreaterThan(0.7 * 800);
      expect(count).toBeLessThan(1.4 * 800);
    }
  });
});
