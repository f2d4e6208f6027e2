import fc from 'fast-check';
import { createEncoder, getPacketInfo } from 'libopus-wasm';
import { describe, expect, it } from 'vitest';
import { hasInbandFec, isDtx, maxPacketTicks, packetTicks } from './opus-packet.ts';

/** A vowel-like tone with vibrato, loud enough for the encoder to call it speech. */
const voice = (samples: number, from: number, rateHz: number) =>
  Int16Array.from({ length: samples }, (_, i) => {
    const t = (from + i) / rateHz;
    return (
      8_000 * Math.sin(2 * Math.PI * 140 * t + 2 * Math.sin(30 * t)) + 3_000 * Math.sin(2 * Math.PI * 700 * t)
    );
  });

describe('packetTicks', () => {
  it('agrees with libopus on every packet that libopus accepts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (packet) => {
        const info = await getPacketInfo(packet).catch(() => null);
        if (info) expect(packetTicks(packet)).toBe(info.samples);
        expect(packetTicks(packet)).toBeLessThanOrEqual(maxPacketTicks);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is zero for what cannot be an Opus packet', () => {
    expect(packetTicks(new Uint8Array(0))).toBe(0);
    expect(packetTicks(Uint8Array.of(3))).toBe(0);
    expect(packetTicks(Uint8Array.of(3 | (1 << 3), 0))).toBe(0);
    expect(packetTicks(new Uint8Array(8_000))).toBe(0);
  });

  it.each([2.5, 5, 10, 20, 40, 60])('tells the length of a packet of %d ms', async (milliseconds) => {
    const frameSize = 48 * milliseconds;
    using encoder = await createEncoder({ sampleRate: 48_000, channels: 1, frameSize });
    expect(packetTicks(encoder.encode(voice(frameSize, 0, 48_000)))).toBe(frameSize);
  });
});

describe('hasInbandFec', () => {
  const packets = async (fec: boolean, frameSize: number, channels: 1 | 2 = 1) => {
    using encoder = await createEncoder({
      sampleRate: 16_000,
      channels,
      frameSize,
      application: 2048,
      bitrate: 24_000 * channels,
      fec,
      packetLossPercent: fec ? 25 : 0,
    });
    return Array.from({ length: 40 }, (_, n) => {
      const mono = voice(frameSize, n * frameSize, 16_000);
      return encoder.encode(
        channels === 1 ? mono : Int16Array.from({ length: 2 * frameSize }, (_, i) => mono[i >> 1]),
      );
    });
  };

  it.each([
    [320, 1],
    [640, 1],
    [960, 1],
    [320, 2],
  ] as const)(
    'sees the FEC of packets of %d samples in %d channel(s), and none where there is none',
    async (frameSize, channels) => {
      const withFec = (await packets(true, frameSize, channels)).filter(hasInbandFec);
      expect(withFec.length).toBeGreaterThan(5);
      expect((await packets(false, frameSize, channels)).filter(hasInbandFec)).toEqual([]);
    },
  );

  it('says no for the CELT layer, for DTX and for any bytes without throwing', () => {
    expect(hasInbandFec(Uint8Array.of(0xf8, 0xff, 0xff))).toBe(false);
    expect(hasInbandFec(Uint8Array.of(0x48))).toBe(false);
    expect(isDtx(Uint8Array.of(0x48))).toBe(true);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (packet) => {
        expect(typeof hasInbandFec(packet)).toBe('boolean');
      }),
      { numRuns: 5_000 },
    );
  });
});
