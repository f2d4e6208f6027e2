import { readNtpMs, readNtpOffsetMs } from './ntp-time.ts';
import type { RtpExtensions } from './rtp-extensions.ts';

/** https://webrtc.googlesource.com/src/+/main/docs/native-code/rtp-hdrext/abs-capture-time */
export const absCaptureTimeUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

const timestampBytes = 8;
const timestampAndOffsetBytes = 16;

/**
 * When the first sample of a packet was captured, by the clock of whoever sent the packet to us, in milliseconds since
 * the Unix epoch; NaN if the packet doesn't say. The long format adds how far the capturer's clock is ahead of the
 * sender's; mediasoup always sends it so, with itself as the sender.
 */
export function readAbsCaptureMs(bytes: Uint8Array, extensions: RtpExtensions, id: number): number {
  const at = extensions.offset(id);
  if (at < 0) return Number.NaN;
  switch (extensions.length(id)) {
    case timestampBytes:
      return readNtpMs(bytes, at);
    case timestampAndOffsetBytes:
      return readNtpMs(bytes, at) - readNtpOffsetMs(bytes, at + timestampBytes);
    default:
      return Number.NaN;
  }
}
