import type { TrainingBatch } from './training-batch.ts';

/** Weight of a step that lies after the moment judged. */
const neverSeen = -1e9;

/** [B, K, Q, T] what a step's age takes from its attention score at each moment. */
export function ageWeights(
  { steps: T, clips: B, moments: Q, momentSteps }: TrainingBatch,
  decays: readonly number[],
): Float32Array {
  const result = new Float32Array(B * decays.length * Q * T).fill(neverSeen);
  let at = 0;
  for (let b = 0; b < B; b++) {
    for (const decay of decays) {
      const logDecay = Math.log(decay);
      for (let q = 0; q < Q; q++, at += T) {
        const now = momentSteps[b * Q + q];
        for (let t = 0; t <= now; t++) result[at + t] = (now - t) * logDecay;
      }
    }
  }
  return result;
}
