import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TapCounters } from '../../../apps/sfu-bridge/src/tap/tap-counters.ts';
import { atMs, epochMs, fecFlag, packet, payloadType, play, setUp, wideband20 } from './scripted-stream.ts';

/** Within a frame of 40 ms: a fortieth for each of the packets in it. */
const maxSlewMs = 1.6;

describe('OpusStream, damage of every kind', () => {
  it('starts over with a sender that starts over, and marks the break', () => {
    const { stream, frames, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1 });
    for (const n of [20_000, 20_001, 20_002, 20_003]) {
      const restarted = packet({
        n,
        place: 5_000_000 + n,
        payload: Uint8Array.of(wideband20, 0, n - 19_990),
      });
      stream.receive(restarted, atMs(n - 20_000 + 3));
    }
    expect(counters).toMatchObject({ restarts: 1, suspectPackets: 1, lostPackets: 0 });
    expect(heard().slice(0, 2)).toEqual(['0×320', '1×320']);
    expect(heard()).toContain('|');
    const last = frames.at(-1)!;
    expect(last.samples).toContain(13);
    expect(last.captureMs + last.sampleCount / 16).toBeCloseTo(epochMs + 7 * 20, 3);
  });

  it('follows a sender to another SSRC at its second packet, and is not led astray by a stray one', () => {
    const { stream, counters, decoder } = setUp();
    for (let n = 0; n < 10; n++) play(stream, { n });
    stream.receive(packet({ n: 500, place: 9_000, ssrc: 7 }), atMs(10));
    play(stream, { n: 10 });
    expect(counters).toMatchObject({ suspectPackets: 1, restarts: 0 });
    for (let n = 500; n < 505; n++) stream.receive(packet({ n, place: 9_000 + n, ssrc: 9 }), atMs(n - 489));
    expect(counters).toMatchObject({ suspectPackets: 2, restarts: 1, lostPackets: 0 });
    expect(decoder.asked.slice(-5)).toEqual([
      'decode 10',
      ...[501, 502, 503, 504].map((n) => `decode ${n & 0xff}`),
    ]);
  });

  it('decodes nothing any more once it is closed, and closes its decoder once', () => {
    const { stream, decoder, counters } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 2 });
    stream.close();
    stream.close();
    stream.tick(atMs(2) + 1_000);
    play(stream, { n: 1 });
    expect(decoder.asked).toEqual(['decode 0']);
    expect(decoder.closed).toBe(1);
    expect(counters.packets).toBe(2);
  });

  it('keeps a line without holes or overlaps whatever is lost, late, doubled or corrupt', () => {
    const fate = fc.record({
      lost: fc.integer({ min: 0, max: 7 }).map((roll) => roll === 0),
      twice: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
      corrupt: fc.integer({ min: 0, max: 15 }).map((roll) => roll === 0),
      fec: fc.boolean(),
      pausePackets: fc.integer({ min: 0, max: 20 }).map((roll) => (roll === 0 ? 40 : 0)),
      delayMs: fc.integer({ min: 0, max: 150 }),
    });
    fc.assert(
      fc.property(fc.array(fate, { minLength: 1, maxLength: 200 }), (fates) => {
        const { stream, frames, counters } = setUp();
        let place = 0;
        const arrivals = fates
          .flatMap(({ lost, twice, corrupt, fec, pausePackets, delayMs }, n) => {
            place += 1 + pausePackets;
            const payload = Uint8Array.of(wideband20, corrupt ? 0xff : fec ? fecFlag : 0, n & 0xff);
            const bytes = packet({ n, place, payload });
            const arrival = { bytes, arrivalMs: atMs(place) + delayMs };
            if (lost) return [];
            return twice ? [arrival, { bytes, arrivalMs: arrival.arrivalMs + 7 }] : [arrival];
          })
          .sort((a, b) => a.arrivalMs - b.arrivalMs);
        let nowMs = epochMs;
        for (const { bytes, arrivalMs } of arrivals) {
          for (; nowMs < arrivalMs; nowMs += 20) stream.tick(nowMs);
          stream.receive(bytes, arrivalMs);
        }
        for (const endMs = nowMs + 1_000; nowMs < endMs; nowMs += 20) stream.tick(nowMs);

        let endMs = epochMs;
        for (const { captureMs, sampleCount, discontinuity, concealedSamples } of frames) {
          // Where its clock moved a little, the line runs faster or slower than its samples.
          expect(captureMs).toBeGreaterThan(endMs - maxSlewMs);
          if (!discontinuity) expect(captureMs).toBeLessThan(endMs + maxSlewMs);
          expect(concealedSamples).toBeLessThanOrEqual(sampleCount);
          endMs = captureMs + sampleCount / 16;
        }
        expect(nowMs - endMs).toBeLessThan(600);
        const concealed = frames.reduce((sum, each) => sum + each.concealedSamples, 0);
        expect(concealed).toBe(
          counters.concealedSamples + counters.recoveredSamples - overtakenConcealed(counters, concealed),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('survives any bytes', () => {
    const { stream, counters } = setUp();
    let nowMs = epochMs;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        if (bytes.length > 2) {
          bytes[0] = 0x80 | (bytes[0] & 0x3f);
          bytes[1] = payloadType;
        }
        nowMs += 20;
        stream.receive(bytes, nowMs);
        stream.tick(nowMs);
      }),
      { numRuns: 20_000 },
    );
    expect(counters.packets).toBeGreaterThanOrEqual(20_000);
  });
});

/** A packet that is refused after its time was told as silence is concealed and thrown away: at most that much. */
const overtakenConcealed = (counters: TapCounters, concealed: number): number => {
  const missing = counters.concealedSamples + counters.recoveredSamples - concealed;
  expect(missing).toBeGreaterThanOrEqual(0);
  expect(missing).toBeLessThanOrEqual(counters.overtakenSamples);
  return missing;
};
