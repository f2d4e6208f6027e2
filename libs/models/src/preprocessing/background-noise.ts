import type { SeededRandom } from '../seeded-random.ts';
import { speechPower } from './speech-level.ts';

export const noiseColours = ['white', 'pink', 'brown'] as const;
export type NoiseColour = (typeof noiseColours)[number];

/** Leak of the integrator behind brown noise: it falls by 6 dB an octave from about 25 Hz at 16 kHz on. */
const brownLeak = 0.99;

/** `count` samples of stationary noise, of no particular level. */
export function colouredNoise(colour: NoiseColour, count: number, random: SeededRandom): Float32Array {
  switch (colour) {
    case 'white':
      return new Float32Array(count).map(() => random.normal());
    case 'pink':
      return pinkNoise(count, random);
    case 'brown': {
      let level = 0;
      return new Float32Array(count).map(() => {
        level = brownLeak * level + random.normal();
        return level;
      });
    }
  }
}

/** Falls by 3 dB an octave, by Kellet's three-pole filter. */
function pinkNoise(count: number, random: SeededRandom): Float32Array {
  let [slow, middle, fast] = [0, 0, 0];
  return new Float32Array(count).map(() => {
    const white = random.normal();
    slow = 0.99765 * slow + 0.099046 * white;
    middle = 0.963 * middle + 0.2965164 * white;
    fast = 0.57 * fast + 1.0526913 * white;
    return slow + middle + fast + 0.1848 * white;
  });
}

/** `samples` with `noise`, of the same length, whose mean power is `snrDb` below the mean power of the speech. */
export function withNoise(samples: Float32Array, noise: Float32Array, snrDb: number): Float32Array {
  let power = 0;
  for (const sample of noise) power += (sample * sample) / noise.length;
  const gain = power > 0 ? Math.sqrt(speechPower(samples) / 10 ** (snrDb / 10) / power) : 0;
  return samples.map((sample, i) => sample + gain * noise[i]);
}
