/** What a 16-bit sample becomes after ITU-T G.711 A-law and back. */
export function throughALaw(sample: number): number {
  // 13 bits with sign; the negative half mirrors the positive one about −½.
  const magnitude = (sample < 0 ? -sample - 1 : sample) >> 3;
  const segment = Math.max(0, 31 - Math.clz32(magnitude | 1) - 4);
  const step = (magnitude >> Math.max(1, segment)) & 0x0f;
  // Steps of the two lowest segments are equal; above, each is twice as wide as the one before.
  const decoded = segment === 0 ? (step << 4) + 0x08 : ((step << 4) + 0x108) << (segment - 1);
  return sample < 0 ? -decoded : decoded;
}
