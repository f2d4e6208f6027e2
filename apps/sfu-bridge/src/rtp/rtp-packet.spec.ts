import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpPacket, rtpFaults } from './rtp-packet.ts';

interface Parts {
  marker: boolean;
  payloadType: number;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
  csrcs: number[];
  extension: { profile: number; data: Uint8Array } | null;
  payload: Uint8Array;
  padding: number;
}

/** Writes a packet as RFC 3550 §5.1 draws it, independently of the reader. */
function write(parts: Parts): Uint8Array {
  const { csrcs, extension, payload, padding } = parts;
  const header = Buffer.alloc(12 + 4 * csrcs.length);
  header[0] = 0x80 | (padding > 0 ? 0x20 : 0) | (extension ? 0x10 : 0) | csrcs.length;
  header[1] = (parts.marker ? 0x80 : 0) | parts.payloadType;
  header.writeUInt16BE(parts.sequenceNumber, 2);
  header.writeUInt32BE(parts.timestamp, 4);
  header.writeUInt32BE(parts.ssrc, 8);
  csrcs.forEach((csrc, i) => {
    header.writeUInt32BE(csrc, 12 + 4 * i);
  });
  const pieces: Uint8Array[] = [header];
  if (extension) {
    const words = Math.ceil(extension.data.length / 4);
    const block = Buffer.alloc(4 + 4 * words);
    block.writeUInt16BE(extension.profile, 0);
    block.writeUInt16BE(words, 2);
    block.set(extension.data, 4);
    pieces.push(block);
  }
  pieces.push(payload);
  if (padding > 0) {
    const tail = Buffer.alloc(padding);
    tail[padding - 1] = padding;
    pieces.push(tail);
  }
  return Buffer.concat(pieces);
}

const element = (maxLength: number) =>
  fc.record({ id: fc.integer({ min: 1, max: 14 }), data: fc.uint8Array({ minLength: 1, maxLength }) });

const anyParts = fc.record({
  marker: fc.boolean(),
  payloadType: fc.integer({ min: 0, max: 127 }),
  sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
  ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
  csrcs: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 15 }),
  payload: fc.uint8Array({ maxLength: 200 }),
  padding: fc.integer({ min: 0, max: 255 }),
});

const plain: Parts = {
  marker: false,
  payloadType: 100,
  sequenceNumber: 7,
  timestamp: 960,
  ssrc: 42,
  csrcs: [],
  extension: null,
  payload: Uint8Array.of(1, 2, 3),
  padding: 0,
};

describe('RtpPacket', () => {
  it('reads back every header, contributing source, extension, payload and padding', () => {
    const packet = new RtpPacket();
    fc.assert(
      fc.property(
        anyParts,
        fc.boolean(),
        fc.uniqueArray(element(16), { selector: (each) => each.id }),
        (parts, twoByte, elements) => {
          const data = twoByte
            ? elements.flatMap(({ id, data: bytes }) => [id, bytes.length, ...bytes, 0])
            : elements.flatMap(({ id, data: bytes }) => [(id << 4) | (bytes.length - 1), ...bytes, 0]);
          const extension =
            elements.length > 0 ? { profile: twoByte ? 0x1003 : 0xbede, data: Uint8Array.from(data) } : null;
          const bytes = write({ ...parts, extension });
          expect(packet.read(bytes)).toBeNull();
          expect(packet.marker).toBe(parts.marker);
          expect(packet.payloadType).toBe(parts.payloadType);
          expect(packet.sequenceNumber).toBe(parts.sequenceNumber);
          expect(packet.timestamp).toBe(parts.timestamp);
          expect(packet.ssrc).toBe(parts.ssrc);
          expect(packet.csrcCount).toBe(parts.csrcs.length);
          expect(bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(Buffer.from(parts.payload));
          for (const { id, data: expected } of elements) {
            const at = packet.extensions.offset(id);
            expect(bytes.subarray(at, at + packet.extensions.length(id))).toEqual(Buffer.from(expected));
          }
          const present = Array.from({ length: 256 }, (_, id) => id).filter(
            (id) => packet.extensions.offset(id) !== -1,
          );
          expect(present).toEqual(elements.map(({ id }) => id).sort((a, b) => a - b));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('answers any bytes with a known fault or a payload inside them, and never throws', () => {
    const packet = new RtpPacket();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, lookLikeRtp) => {
        if (lookLikeRtp && bytes.length > 0) bytes[0] = 0x80 | (bytes[0] & 0x3f);
        const fault = packet.read(bytes);
        if (fault !== null) {
          expect(rtpFaults).toContain(fault);
          return;
        }
        expect(packet.payloadStart).toBeGreaterThanOrEqual(12);
        expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadStart);
        expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
        for (let id = 0; id < 256; id++) {
          const at = packet.extensions.offset(id);
          if (at !== -1) expect(at + packet.extensions.length(id)).toBeLessThanOrEqual(packet.payloadStart);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('refuses every truncation of a packet with a fault of the part that is cut', () => {
    const whole = write({
      ...plain,
      csrcs: [1, 2],
      extension: { profile: 0xbede, data: Uint8Array.of(0x10, 9, 0, 0) },
      payload: new Uint8Array(0),
    });
    const packet = new RtpPacket();
    expect(packet.read(whole)).toBeNull();
    for (let length = 0; length < whole.length; length++) {
      const expected =
        length < 12 ? 'rtp-too-short' : length < 20 ? 'rtp-csrc-truncated' : 'rtp-extension-truncated';
      expect(packet.read(whole.subarray(0, length))).toBe(expected);
    }
  });

  it('refuses another version, more than a datagram, and padding that eats the header', () => {
    const packet = new RtpPacket();
    const wrongVersion = write(plain);
    wrongVersion[0] = 0x40;
    expect(packet.read(wrongVersion)).toBe('rtp-version');
    expect(packet.read(write({ ...plain, payload: new Uint8Array(65_508) }))).toBe('rtp-too-long');
    const eager = write({ ...plain, padding: 4 });
    eager[eager.length - 1] = 200;
    expect(packet.read(eager)).toBe('rtp-padding');
    eager[eager.length - 1] = 0;
    expect(packet.read(eager)).toBe('rtp-padding');
  });

  it('refuses an extension element that runs past its block', () => {
    const packet = new RtpPacket();
    const oneByte = write({ ...plain, extension: { profile: 0xbede, data: Uint8Array.of(0x1f, 1, 2, 3) } });
    expect(packet.read(oneByte)).toBe('rtp-extension-malformed');
    const twoByte = write({ ...plain, extension: { profile: 0x1000, data: Uint8Array.of(0, 0, 0, 7) } });
    expect(packet.read(twoByte)).toBe('rtp-extension-malformed');
  });

  it('stops at the reserved one-byte id 15 and skips profiles that it does not know', () => {
    const packet = new RtpPacket();
    const reserved = Uint8Array.of(0x10, 5, 0xf0, 0x20);
    expect(packet.read(write({ ...plain, extension: { profile: 0xbede, data: reserved } }))).toBeNull();
    expect(packet.extensions.offset(1)).toBe(17);
    expect(packet.extensions.offset(2)).toBe(-1);
    expect(packet.read(write({ ...plain, extension: { profile: 0x1234, data: reserved } }))).toBeNull();
    expect(packet.extensions.offset(1)).toBe(-1);
  });
});
