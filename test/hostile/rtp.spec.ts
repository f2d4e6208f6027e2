import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readAbsCaptureMs } from '../../apps/sfu-bridge/src/rtp/abs-capture-time.ts';
import { readAudioLevel, unknownLevel } from '../../apps/sfu-bridge/src/rtp/audio-level.ts';
import { JitterBuffer } from '../../apps/sfu-bridge/src/rtp/jitter-buffer.ts';
import { RtpPacket, rtpFaults } from '../../apps/sfu-bridge/src/rtp/rtp-packet.ts';
import { readSenderReports } from '../../apps/sfu-bridge/src/rtp/sender-report.ts';
import { SequenceUnwrapper } from '../../apps/sfu-bridge/src/rtp/sequence-unwrapper.ts';
import { TimestampUnwrapper } from '../../apps/sfu-bridge/src/rtp/timestamp-unwrapper.ts';
import { RtpStream } from '../../tools/demo-call/rtp-stream.ts';
import { epochMs, packet } from '../bridge/opus-stream/scripted-stream.ts';
import { mutated } from './mutation.ts';

vi.setConfig({ testTimeout: 180_000 });

const payload = Uint8Array.from({ length: 60 }, (_, i) => (i * 37) & 0xff);
const rtpPackets = [
  packet({ n: 1, payload }),
  packet({ n: 2, payload, level: 30 }),
  packet({ n: 3, payload, level: 30, toldMs: epochMs }),
  // Two contributing sources, two-byte extension headers (RFC 8285 §4.3), four bytes of padding.
  Uint8Array.from([
    ...[0xb2, 100, 0, 1, 0, 0, 3, 0xc0, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 9],
    ...[0x10, 0, 0, 3, 1, 1, 40, 0, 2, 5, 1, 2, 3, 4, 5, 0],
    ...payload,
    ...[0, 0, 0, 4],
  ]),
];
const rtcpPackets = [1, 2, 3].map((n) =>
  new RtpStream({ ssrc: 7, payloadType: 100, audioLevelExtensionId: 1 }).senderReport(
    n,
    epochMs,
    `cname-${n}`,
  ),
);

describe('hostile RTP and RTCP', () => {
  it('is read as a packet whose parts all lie inside it, or refused with a known fault: 40,000 damaged packets', () => {
    const read = new RtpPacket();
    let sound = 0;
    const faults = new Set<string>();
    fc.assert(
      fc.property(mutated(rtpPackets), (bytes) => {
        const fault = read.read(bytes);
        if (fault !== null) {
          faults.add(fault);
          return rtpFaults.includes(fault);
        }
        sound++;
        const { payloadStart, payloadEnd, extensions } = read;
        for (let id = 0; id < 256; id++) {
          const at = extensions.offset(id);
          if (at !== -1 && (at < 12 || at + extensions.length(id) > payloadStart)) return false;
        }
        const levelByte = readAudioLevel(bytes, extensions, 1);
        if (levelByte !== unknownLevel && (levelByte < 0 || levelByte > 255)) return false;
        if (Math.abs(readAbsCaptureMs(bytes, extensions, 2)) === Number.POSITIVE_INFINITY) return false;
        return 12 <= payloadStart && payloadStart <= payloadEnd && payloadEnd <= bytes.length;
      }),
      { numRuns: 40_000 },
    );
    // The damage reaches every fault of the reader, and leaves many packets that get through.
    expect(sound).toBeGreaterThan(5_000);
    expect([...faults].sort()).toEqual(
      rtpFaults.filter((each) => each !== 'rtp-payload-type' && each !== 'rtp-too-long').sort(),
    );
  });

  it('gives sender reports with a time and numbers of 32 bits, or none: 10,000 damaged compound packets', () => {
    let reports = 0;
    const pool = [...rtcpPackets, Buffer.concat(rtcpPackets), Buffer.concat([...rtcpPackets].reverse())];
    const isUint32 = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    fc.assert(
      fc.property(mutated(pool), (bytes) => {
        let sound = true;
        readSenderReports(bytes, (ssrc, ntpMs, rtpTimestamp) => {
          reports++;
          sound &&= isUint32(ssrc) && isUint32(rtpTimestamp) && Number.isFinite(ntpMs);
        });
        return sound;
      }),
      { numRuns: 10_000 },
    );
    expect(reports).toBeGreaterThan(5_000);
  });
});

describe('hostile sequences of packets', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: -3, max: 4 }) },
    { weight: 2, arbitrary: fc.integer({ min: -140, max: 140 }) },
    { weight: 1, arbitrary: fc.integer({ min: -3_100, max: 3_100 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
  );
  const arrival = fc.record({
    step,
    ticks: fc.oneof(
      { weight: 6, arbitrary: fc.constant(960) },
      { weight: 1, arbitrary: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }) },
    ),
    afterMs: fc.constantFrom(0, 1, 20, 20, 20, 90, 400),
  });

  it('come out of the jitter buffer in order, each once, with every packet accounted for: over 40,000 packets', () => {
    let inputs = 0;
    fc.assert(
      fc.property(fc.array(arrival, { minLength: 120, maxLength: 200, size: 'max' }), (arrivals) => {
        const buffer = new JitterBuffer({
          capacityPackets: 128,
          minDelayMs: 80,
          maxDelayMs: 240,
          clockRateHz: 48_000,
        });
        const sequences = new SequenceUnwrapper();
        const timestamps = new TimestampUnwrapper();
        const counts = { held: 0, restarted: 0, duplicate: 0, late: 0, suspect: 0 };
        let taken = 0;
        let discarded = 0;
        let last = -1;
        let nowMs = 0;
        const takeAll = (untilMs: number) => {
          // As many turns as there can be packets, each after a loss, and the one that says that there is nothing.
          for (let turn = 0; turn <= 2 * 128 + 1; turn++) {
            const got = buffer.take(untilMs);
            if (got === 'nothing') return;
            if (got === 'lost') {
              if (buffer.lostPackets <= 0) throw new Error('a loss of nothing');
              continue;
            }
            taken++;
            const sequence = new DataView(buffer.payload.buffer).getFloat64(0);
            if (sequence <= last) throw new Error(`${sequence} came after ${last}`);
            last = sequence;
          }
          throw new Error('the jitter buffer never comes to an end');
        };
        let number = 65_000;
        let timestamp = 4_294_900_000;
        for (const { step: by, ticks, afterMs } of arrivals) {
          inputs++;
          nowMs += afterMs;
          takeAll(nowMs);
          number = (number + by + 0x1_0000) & 0xffff;
          timestamp = (timestamp + ticks + 0x1_0000_0000) % 0x1_0000_0000;
          const sequence = sequences.unwrap(number);
          const named = new Uint8Array(8);
          new DataView(named.buffer).setFloat64(0, sequence);
          if (buffer.overflows(sequence)) takeAll(Number.POSITIVE_INFINITY);
          const inserted = buffer.insert(sequence, timestamps.unwrap(timestamp), named, nowMs);
          counts[inserted]++;
          if (inserted === 'restarted') {
            last = -1;
            discarded += buffer.discardedPackets;
          }
          takeAll(nowMs);
          const { held, delayMs } = buffer;
          if (held > 128 || delayMs < 80 || delayMs > 240) throw new Error(`${held} held for ${delayMs} ms`);
        }
        takeAll(Number.POSITIVE_INFINITY);
        expect(buffer.held).toBe(0);
        expect(taken + discarded).toBe(counts.held + counts.restarted);
      }),
      { numRuns: 280 },
    );
    expect(inputs).toBeGreaterThan(40_000);
  });
});
