import { RtpExtensions } from './rtp-extensions.ts';

/** Why a datagram is not an RTP packet that we can read. Stable: metrics are counted by these codes. */
export const rtpFaults = [
  'rtp-too-short',
  'rtp-too-long',
  'rtp-version',
  'rtp-csrc-truncated',
  'rtp-extension-truncated',
  'rtp-extension-malformed',
  'rtp-padding',
  'rtp-payload-type',
] as const;
export type RtpFault = (typeof rtpFaults)[number];

const fixedHeaderBytes = 12;
/** The largest UDP payload; nothing longer can have arrived as RTP over UDP. */
const maxPacketBytes = 65_507;

/**
 * One RTP packet (RFC 3550 §5.1), read in place: `read` points this object at a packet, so one object serves a stream
 * for ever and nothing is allocated per packet. Fields are valid only after `read` returned null.
 */
export class RtpPacket {
  marker = false;
  payloadType = 0;
  sequenceNumber = 0;
  /** Media clock, 32 bits; for Opus 48 kHz (RFC 7587 §4.1). */
  timestamp = 0;
  ssrc = 0;
  csrcCount = 0;
  /** Where the payload lies in the bytes given to `read`; padding is already cut off. */
  payloadStart = 0;
  payloadEnd = 0;
  readonly extensions = new RtpExtensions();

  /** Reads a packet. Returns what is wrong with it, or null if it is sound. */
  read(bytes: Uint8Array): RtpFault | null {
    const length = bytes.length;
    if (length < fixedHeaderBytes) return 'rtp-too-short';
    if (length > maxPacketBytes) return 'rtp-too-long';
    const first = bytes[0];
    if (first >> 6 !== 2) return 'rtp-version';
    const second = bytes[1];
    this.marker = (second & 0x80) !== 0;
    this.payloadType = second & 0x7f;
    this.sequenceNumber = (bytes[2] << 8) | bytes[3];
    this.timestamp = readUint32(bytes, 4);
    this.ssrc = readUint32(bytes, 8);
    this.csrcCount = first & 0x0f;

    let at = fixedHeaderBytes + 4 * this.csrcCount;
    if (at > length) return 'rtp-csrc-truncated';

    this.extensions.clear();
    if ((first & 0x10) !== 0) {
      // RFC 3550 §5.3.1: a 16-bit profile, then the length in 32-bit words, not counting these four bytes.
      if (at + 4 > length) return 'rtp-extension-truncated';
      const profile = (bytes[at] << 8) | bytes[at + 1];
      const start = at + 4;
      const end = start + 4 * ((bytes[at + 2] << 8) | bytes[at + 3]);
      if (end > length) return 'rtp-extension-truncated';
      if (!this.extensions.read(bytes, profile, start, end)) return 'rtp-extension-malformed';
      at = end;
    }

    let end = length;
    if ((first & 0x20) !== 0) {
      // RFC 3550 §5.1: the last byte counts the padding, itself included, so it is never zero.
      const padding = bytes[length - 1];
      if (padding === 0 || at + padding > length) return 'rtp-padding';
      end = length - padding;
    }
    this.payloadStart = at;
    this.payloadEnd = end;
    return null;
  }
}

const readUint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
