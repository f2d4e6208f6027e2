import { describe, expect, it } from 'vitest';
import { readAbsCaptureMs } from './abs-capture-time.ts';
import { RtpPacket } from './rtp-packet.ts';

/** A packet with element 3 of `data`, two-byte headers (RFC 8285 §4.3). */
function read(data: number[]): number {
  const element = [3, data.length, ...data];
  while (element.length % 4 !== 0) element.push(0);
  const header = [0x90, 100, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 0, 0, element.length / 4];
  const bytes = Uint8Array.from([...header, ...element, 1, 2, 3]);
  const packet = new RtpPacket();
  expect(packet.read(bytes)).toBeNull();
  return readAbsCaptureMs(bytes, packet.extensions, 3);
}

// 2024-01-01T00:00:00.500Z: 3,913,056,000 s after 1900, and a half.
const timestamp = [0xe9, 0x3c, 0x7f, 0x00, 0x80, 0, 0, 0];
const capturedMs = Date.UTC(2024, 0, 1, 0, 0, 0, 500);

describe('readAbsCaptureMs', () => {
  it('reads the short format', () => {
    expect(read(timestamp)).toBe(capturedMs);
  });

  it('takes the offset of the capturer off in the long format, forwards and back', () => {
    expect(read([...timestamp, 0, 0, 0, 2, 0x40, 0, 0, 0])).toBe(capturedMs - 2_250);
    expect(read([...timestamp, 0xff, 0xff, 0xff, 0xfe, 0x40, 0, 0, 0])).toBe(capturedMs + 1_750);
  });

  it('reads times after 2036, when the seconds of NTP begin anew', () => {
    expect(read([0, 0, 0, 10, 0, 0, 0, 0])).toBe(Date.UTC(2036, 1, 7, 6, 28, 26));
  });

  it('says nothing of any other length, or without the extension', () => {
    expect(read(timestamp.slice(1))).toBeNaN();
    expect(read([...timestamp, 0])).toBeNaN();
    expect(readAbsCaptureMs(new Uint8Array(0), new RtpPacket().extensions, 0)).toBeNaN();
  });
});
