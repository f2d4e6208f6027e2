import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpusFrame } from './opus-track.ts';
import { RtpStream } from './rtp-stream.ts';

const frame = (overrides: Partial<OpusFrame> = {}): OpusFrame => ({
  payload: Buffer.from([0x4b, 1, 2, 3]),
  levelBelowOverloadDb: 23,
  voice: true,
  talkspurtStart: false,
  ...overrides,
});
const options = { ssrc: 0xdeadbeef, payloadType: 100, audioLevelExtensionId: 10 };

describe('RtpStream', () => {
  it('writes the header, the audio level extension and the payload byte by byte as RFC 3550 and 6464 say', () => {
    const stream = new RtpStream({ ...options, firstSequence: 0x1234, firstTimestamp: 0x01020304 });
    expect(stream.packet(frame({ talkspurtStart: true }), 0).toString('hex')).toBe(
      '90e4' + '1234' + '01020304' + 'deadbeef' + 'bede0001' + 'a0970000' + '4b010203',
    );
  });

  it('counts packets in the sequence number and time in the timestamp, over both wrap-arounds', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.nat(0xffff_ffff),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 50 }),
        (firstSequence, firstTimestamp, steps) => {
          const stream = new RtpStream({ ...options, firstSequence, firstTimestamp });
          let slot = 0;
          for (const [i, step] of steps.entries()) {
            slot += step;
            const packet = stream.packet(frame(), slot);
            expect(packet.readUInt16BE(2)).toBe((firstSequence + i) % 0x1_0000);
            expect(packet.readUInt32BE(4)).toBe((firstTimestamp + slot * 960) % 0x1_0000_0000);
          }
        },
      ),
    );
  });

  it('reports the wall clock of a slot, the packets and the payload bytes', () => {
    const stream = new RtpStream({ ...options, firstSequence: 0, firstTimestamp: 1_000 });
    stream.packet(frame(), 0);
    stream.packet(frame(), 1);
    const report = stream.senderReport(50, 500, 'mara@demo');
    expect([report[0], report[1], report.readUInt16BE(2)]).toEqual([0x80, 200, 6]);
    expect(report.readUInt32BE(4)).toBe(0xdeadbeef);
    expect(report.readUInt32BE(8)).toBe(2_208_988_800); // 1970-01-01 in seconds since 1900
    expect(report.readUInt32BE(12) / 0x1_0000_0000).toBeCloseTo(0.5, 4);
    expect(report.readUInt32BE(16)).toBe(1_000 + 50 * 960);
    expect([report.readUInt32BE(20), report.readUInt32BE(24)]).toEqual([2, 8]);
  });

  it('adds a CNAME chunk that ends on a 32-bit boundary, whatever the length of the name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z@.]{1,129}$/), (cname) => {
        const report = new RtpStream(options).senderReport(0, 0, cname);
        expect(report.length).toBe(28 + 4 * (report.readUInt16BE(30) + 1));
        expect([report[28], report[29], report[36], report[37]]).toEqual([0x81, 202, 1, cname.length]);
        expect(report.subarray(38, 38 + cname.length).toString()).toBe(cname);
        expect(report.at(-1)).toBe(0);
      }),
    );
  });
});
