import type { SeededRandom } from '../seeded-random.ts';

/** Speeds at which voices are played, so that each sounds like somebody else's. */
const slowest = 0.75;
const fastest = 1.35;
/** Voices are as loud as they are near: ± dB. */
const distanceDb = 6;

/**
 * People talking in the background: every voice over and over from a random moment on, each at its own speed and level.
 * `voices` are not empty; the result has `count` samples and no particular level.
 */
export function babble(voices: readonly Int16Array[], count: number, random: SeededRandom): Float32Array {
  const mixed = new Float32Array(count);
  for (const voice of voices) {
    const speed = slowest * (fastest / slowest) ** random.next();
    let power = 1;
    for (const sample of voice) power += (sample * sample) / voice.length;
    const gain = 10 ** (random.between(-distanceDb, distanceDb) / 20) / Math.sqrt(power);
    let position = random.next() * voice.length;
    for (let i = 0; i < count; i++) {
      const before = Math.floor(position);
      const share = position - before;
      // Read between samples: what that folds into the band is far below the other voices.
      const after = voice[before + 1 < voice.length ? before + 1 : 0];
      mixed[i] += gain * (voice[before] + share * (after - voice[before]));
      position += speed;
      if (position >= voice.length) position -= voice.length;
    }
  }
  return mixed;
}
