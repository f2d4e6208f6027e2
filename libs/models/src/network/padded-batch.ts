import type { FedTensor, SequenceBatch } from './network.ts';

/**
 * Lengthens a batch with zero steps until T is a multiple of `stepMultiple`.
 * @param batch `features` is [T, B, F]
 */
export function padSteps(
  batch: SequenceBatch & { features: Float32Array },
  stepMultiple: number,
): { features: FedTensor; sequence: SequenceBatch } {
  const { steps, clips, features } = batch;
  const F = features.length / (steps * clips);
  const padded = stepMultiple * Math.ceil(steps / stepMultiple);
  let values = features;
  if (padded > steps) {
    values = new Float32Array(padded * clips * F);
    values.set(features);
  }
  return { features: { dims: [padded, clips, F], values }, sequence: { ...batch, steps: padded } };
}
