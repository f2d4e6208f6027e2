/** Longest audio an Opus packet may carry, at the 48 kHz of its RTP clock (RFC 6716 §3.4, R5). */
export const maxPacketTicks = 5_760;
/** Six frames of 20 ms at most, of 1,275 bytes each, with their lengths (RFC 6716 §3.4, R2 and R5). */
const maxOpusPacketBytes = 7_680;
/** libopus sends packets of at most this size in discontinuous transmission: they carry no sound. */
const maxDtxBytes = 2;

// Frame length in 48 kHz ticks by the five bits of configuration (RFC 6716 §3.1, table 2).
const silkTicks = [480, 960, 1_920, 2_880];
const frameTicks = Uint16Array.from({ length: 32 }, (_, config) => {
  if (config < 12) return silkTicks[config & 3];
  if (config < 16) return (config & 1) === 0 ? 480 : 960;
  return 120 << (config & 3);
});

/** How much audio the packet carries, in ticks of 48 kHz; 0 if it is not a valid Opus packet. */
export function packetTicks(packet: Uint8Array): number {
  if (packet.length === 0 || packet.length > maxOpusPacketBytes) return 0;
  const toc = packet[0];
  const code = toc & 3;
  let frames = code === 0 ? 1 : 2;
  if (code === 3) {
    if (packet.length < 2) return 0;
    frames = packet[1] & 0x3f;
  }
  const ticks = frames * frameTicks[toc >> 3];
  return ticks > maxPacketTicks ? 0 : ticks;
}

/** Whether the packet only says "still silent" (discontinuous transmission). */
export const isDtx = (packet: Uint8Array): boolean => packet.length <= maxDtxBytes;

/**
 * Whether the packet carries in-band FEC (LBRR) for the audio before it: the flag that follows the voice-activity flags
 * of the SILK layer (RFC 6716 §4.2.3 and §4.2.4). Packets of the CELT layer alone never do.
 */
export function hasInbandFec(packet: Uint8Array): boolean {
  const toc = packet[0];
  if (packet.length < 2 || toc >> 7 === 1) return false;
  const firstFrame = firstFrameOffset(packet);
  if (firstFrame < 0) return false;
  const silkFrames = Math.max(1, frameTicks[toc >> 3] / 960);
  const flags = packet[firstFrame];
  const stereo = (toc & 4) !== 0;
  // One voice-activity bit per SILK frame, then the LBRR bit: for the mid channel, then for the side channel.
  const mid = (flags >> (7 - silkFrames)) & 1;
  const side = stereo ? (flags >> (6 - 2 * silkFrames)) & 1 : 0;
  return (mid | side) === 1;
}

/** Where the first frame begins (RFC 6716 §3.2), −1 if it has no bytes. */
function firstFrameOffset(packet: Uint8Array): number {
  const code = packet[0] & 3;
  let at = 1;
  if (code === 2) at += lengthBytes(packet[1]);
  if (code === 3) {
    const frameCount = packet[1];
    const frames = frameCount & 0x3f;
    at = 2;
    if ((frameCount & 0x40) !== 0) {
      while (packet[at] === 255) at++;
      at++;
    }
    if ((frameCount & 0x80) !== 0) {
      if (frames > 1 && packet[at] === 0) return -1;
      for (let i = 1; i < frames; i++) at += lengthBytes(packet[at]);
    }
  }
  return at < packet.length ? at : -1;
}

/** RFC 6716 §3.2.1: lengths from 252 up take a second byte. */
const lengthBytes = (firstByte: number): number => (firstByte < 252 ? 1 : 2);
