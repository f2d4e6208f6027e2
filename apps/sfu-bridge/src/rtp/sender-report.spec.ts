import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSenderReports } from './sender-report.ts';

const reportMs = Date.UTC(2024, 0, 1, 0, 0, 0, 500);

function report(ssrc: number, rtpTimestamp: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x80;
  bytes[1] = 200;
  bytes.writeUInt16BE(6, 2);
  bytes.writeUInt32BE(ssrc, 4);
  bytes.writeUInt32BE(3_913_056_000, 8);
  bytes.writeUInt32BE(0x8000_0000, 12);
  bytes.writeUInt32BE(rtpTimestamp, 16);
  return bytes;
}

/** A CNAME (RFC 3550 §6.5) of two letters. */
const description = Buffer.from([0x81, 202, 0, 2, 0, 0, 0, 7, 1, 2, 0x61, 0x62]);

const read = (bytes: Uint8Array): number[][] => {
  const reports: number[][] = [];
  readSenderReports(bytes, (...each) => reports.push(each));
  return reports;
};

describe('readSenderReports', () => {
  it('finds every report of a compound packet', () => {
    const compound = Buffer.concat([report(7, 4_000_000_000), description, report(9, 5), description]);
    expect(read(compound)).toEqual([
      [7, reportMs, 4_000_000_000],
      [9, reportMs, 5],
    ]);
  });

  it('passes over a report of a sender without a wall clock', () => {
    const clockless = report(7, 5);
    clockless.fill(0, 8, 16);
    expect(read(Buffer.concat([clockless, report(9, 6)]))).toEqual([[9, reportMs, 6]]);
  });

  it('stops where a length runs past the end', () => {
    const truncated = Buffer.concat([report(7, 1), report(9, 2).subarray(0, 27)]);
    expect(read(truncated)).toEqual([[7, reportMs, 1]]);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        if (bytes.length > 1) bytes.set([0x80, 200]);
        for (const [, ntpMs] of read(bytes)) expect(Number.isFinite(ntpMs)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
