/** RFC 6716 §3.2.5: several Opus packets of one frame each as one packet, each frame of its own length (code 3). */
export function joinedPackets(packets: readonly Uint8Array[]): Uint8Array {
  if (packets.length === 1) return packets[0];
  const lengths = packets.slice(0, -1).flatMap((each) => {
    const length = each.length - 1;
    return length < 252 ? [length] : [252 + (length & 3), (length - 252 - (length & 3)) >> 2];
  });
  const frames = packets.flatMap((each) => [...each.subarray(1)]);
  return Uint8Array.from([packets[0][0] | 3, 0x80 | packets.length, ...lengths, ...frames]);
}
