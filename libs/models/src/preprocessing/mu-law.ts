const bias = 0x84;
const clip = 32_635;

/** What a 16-bit sample becomes after ITU-T G.711 μ-law and back. */
export function throughMuLaw(sample: number): number {
  const magnitude = Math.min(clip, Math.abs(sample)) + bias;
  // The segment is the position of the highest bit above the seventh; four bits below it are kept.
  const segment = 31 - Math.clz32(magnitude) - 7;
  const step = (magnitude >> (segment + 3)) & 0x0f;
  const decoded = (((step << 3) + bias) << segment) - bias;
  return sample < 0 ? -decoded : decoded;
}
