/** Seconds from 1900 to 1970. */
const unixEpochSeconds = 2_208_988_800;

/**
 * Reads a 64-bit NTP timestamp (RFC 5905 §6: seconds since 1900, then their fraction) as milliseconds since the Unix
 * epoch. Seconds below 2³¹ belong to the era that begins in 2036.
 */
export function readNtpMs(bytes: Uint8Array, at: number): number {
  const seconds = readUint32(bytes, at);
  const era = seconds < 0x8000_0000 ? 0x1_0000_0000 : 0;
  return (seconds + era - unixEpochSeconds) * 1000 + fractionMs(bytes, at + 4);
}

/** Reads a signed difference of NTP times (Q32.32 seconds) as milliseconds. */
export const readNtpOffsetMs = (bytes: Uint8Array, at: number): number =>
  (readUint32(bytes, at) | 0) * 1000 + fractionMs(bytes, at + 4);

const fractionMs = (bytes: Uint8Array, at: number): number => (readUint32(bytes, at) / 0x1_0000_0000) * 1000;

const readUint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
