import { readNtpMs } from './ntp-time.ts';

const senderReportType = 200;
/** Header, SSRC, NTP and RTP timestamp, counts. */
const senderReportBytes = 28;

/**
 * Gives out every sender report in a compound RTCP packet (RFC 3550 §6.1 and §6.4.1): the RTP timestamp, 32 bits, that
 * corresponds to the wall clock `ntpMs`, milliseconds since the Unix epoch. Stops at the first part that is malformed;
 * a report without a wall clock (NTP timestamp zero) is passed over.
 */
export function readSenderReports(
  bytes: Uint8Array,
  onReport: (ssrc: number, ntpMs: number, rtpTimestamp: number) => void,
): void {
  for (let at = 0; at + 4 <= bytes.length; ) {
    // The length counts 32-bit words, less one.
    const length = 4 * (((bytes[at + 2] << 8) | bytes[at + 3]) + 1);
    if (bytes[at] >> 6 !== 2 || at + length > bytes.length) return;
    if (bytes[at + 1] === senderReportType && length >= senderReportBytes) {
      if (readUint32(bytes, at + 8) !== 0) {
        onReport(readUint32(bytes, at + 4), readNtpMs(bytes, at + 8), readUint32(bytes, at + 16));
      }
    }
    at += length;
  }
}

const readUint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
