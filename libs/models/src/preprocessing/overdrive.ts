/** `hard`: a converter out of its range; `soft`: an amplifier, bending before it clips. */
export const overdriveKinds = ['hard', 'soft'] as const;
export type OverdriveKind = (typeof overdriveKinds)[number];

/** `samples` through a stage that has room for their peak less `excessDb`. */
export function overdriven(samples: Float32Array, excessDb: number, kind: OverdriveKind): Float32Array {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const limit = peak / 10 ** (excessDb / 20);
  if (limit === 0) return samples;
  return kind === 'hard'
    ? samples.map((sample) => Math.max(-limit, Math.min(limit, sample)))
    : samples.map((sample) => limit * Math.tanh(sample / limit));
}
