/** Quietest level that the meter shows. */
const floorDb = -60;
/** Loud speech close to the microphone fills the meter. */
const fullDb = -10;

/** Root mean square of a block of samples (−1…1) in dBFS, −Infinity for digital silence. */
export function measureLevelDb(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(energy / samples.length);
}

/** How much of the meter a level fills, 0…1. */
export const meterFraction = (levelDb: number): number =>
  Math.min(1, Math.max(0, (levelDb - floorDb) / (fullDb - floorDb)));
