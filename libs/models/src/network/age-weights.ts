import type { FedTensor, SequenceBatch } from './network.ts';

/** Weight of a step that lies after the moment judged. */
const neverSeen = -1e9;

/** [B, K, Q, T] what a step's age takes from its attention score at each moment. */
export function ageWeights(
  { steps: T, clips: B, moments: Q, momentSteps }: SequenceBatch,
  decays: readonly number[],
): FedTensor {
  const K = decays.length;
  const values = new Float32Array(B * K * Q * T).fill(neverSeen);
  let at = 0;
  for (let b = 0; b < B; b++) {
    for (const decay of decays) {
      const logDecay = Math.log(decay);
      for (let q = 0; q < Q; q++, at += T) {
        const now = momentSteps[b * Q + q];
        for (let t = 0; t <= now; t++) values[at + t] = (now - t) * logDecay;
      }
    }
  }
  return { dims: [B, K, Q, T], values };
}

/** The same for pooling that forgets nothing, over steps that are `poolSteps` of the batch's each. */
export function evenWeights(batch: SequenceBatch, heads: number, poolSteps = 1): FedTensor {
  const pooled = {
    ...batch,
    steps: batch.steps / poolSteps,
    momentSteps: batch.momentSteps.map((step) => Math.floor(step / poolSteps)),
  };
  return ageWeights(pooled, new Array<number>(heads).fill(1));
}
