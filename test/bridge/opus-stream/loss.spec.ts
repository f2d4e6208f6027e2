import { describe, expect, it } from 'vitest';
import { atMs, epochMs, packet, play, setUp, wideband20, withFec } from './scripted-stream.ts';

describe('OpusStream, packets and losses', () => {
  it('decodes packets in order into one line in capture time, across the wrap of both RTP counters', () => {
    const { stream, frames, decoder, heard } = setUp();
    for (const n of [0, 1, 3, 2, 4, 5, 6, 8, 7, 9]) play(stream, { n });
    expect(decoder.asked).toEqual(Array.from({ length: 10 }, (_, n) => `decode ${n}`));
    expect(heard()).toEqual(Array.from({ length: 10 }, (_, n) => `${n}×320`));
    frames.forEach((each, i) => {
      expect(each.captureMs).toBeCloseTo(epochMs + 40 * i, 3);
    });
  });

  it('rebuilds a single loss from the next packet where that carries FEC', () => {
    const { stream, frames, decoder, counters, heard } = setUp();
    play(stream, { n: 1 });
    play(stream, { n: 3, payload: withFec(3) });
    stream.tick(atMs(3) + 80);
    play(stream, { n: 4 });
    expect(decoder.asked).toEqual(['decode 1', 'recover 320 before 3', 'decode 3', 'decode 4']);
    expect(heard()).toEqual(['silence×320', '1×320', '-3×320', '3×320', '4×320']);
    expect(counters).toMatchObject({ lostPackets: 1, recoveredSamples: 320, concealedSamples: 0 });
    expect(frames.map((each) => each.concealedSamples).reduce((a, b) => a + b)).toBe(320);
  });

  it('conceals up to 120 ms of a longer loss and leaves out the rest, marked', () => {
    const { stream, frames, decoder, counters, heard } = setUp();
    play(stream, { n: 0 });
    stream.receive(packet({ n: 11, payload: withFec(11) }), atMs(11));
    stream.tick(atMs(11) + 80);
    play(stream, { n: 12 });
    expect(decoder.asked).toEqual([
      'decode 0',
      'conceal 1600',
      'recover 320 before 11',
      'decode 11',
      'decode 12',
    ]);
    expect(heard()).toEqual(['0×320', '-1000×1600', '|', '-11×320', '11×320', '12×320']);
    expect(counters).toMatchObject({
      lostPackets: 10,
      concealedSamples: 1_600,
      recoveredSamples: 320,
      skippedSamples: 10 * 320 - 1_920,
    });
    const last = frames.at(-1)!;
    expect(last.captureMs + last.sampleCount / 16).toBeCloseTo(epochMs + 13 * 20, 3);
  });

  it('conceals a packet that the codec refuses, and counts it', () => {
    const { stream, decoder, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1, payload: Uint8Array.of(wideband20, 0xff, 1) });
    play(stream, { n: 2 });
    play(stream, { n: 3 });
    expect(decoder.asked).toEqual(['decode 0', 'refuse', 'conceal 320', 'decode 2', 'decode 3']);
    expect(counters).toMatchObject({ decodeErrors: 1, concealedSamples: 320 });
    expect(heard()).toEqual(['0×320', '-1000×320', '2×320', '3×320']);
  });

  it('treats a packet that is not Opus at all as lost', () => {
    const { stream, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1, payload: Uint8Array.of(3, 0) });
    play(stream, { n: 2 });
    play(stream, { n: 3 });
    stream.tick(atMs(3) + 60);
    expect(counters.decodeErrors).toBe(1);
    expect(heard()).toEqual(['0×320', '-1000×320', '2×320', '3×320']);
  });

  it('counts duplicates, late packets, other payload types and broken headers, and plays none of them', () => {
    const { stream, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 0 });
    play(stream, { n: 2 });
    stream.tick(atMs(2) + 80);
    stream.receive(packet({ n: 1 }), atMs(2) + 90);
    stream.receive(packet({ n: 3, type: 111 }), atMs(3));
    stream.receive(Uint8Array.of(1, 2, 3), atMs(3));
    play(stream, { n: 3 });
    expect(counters).toMatchObject({ packets: 7, duplicatePackets: 1, latePackets: 1, lostPackets: 1 });
    expect(counters.faults['rtp-payload-type']).toBe(1);
    expect(counters.faults['rtp-too-short']).toBe(1);
    expect(heard()).toEqual(['0×320', '-1000×320', '2×320', '3×320']);
  });

  it('ignores comfort noise but counts it, and misses nothing where it was', () => {
    const { stream, decoder, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1, type: 13, payload: Uint8Array.of(40) });
    play(stream, { n: 2, place: 11 });
    expect(decoder.asked).toEqual(['decode 0', 'decode 2']);
    expect(counters).toMatchObject({ comfortNoisePackets: 1, lostPackets: 0 });
    expect(heard()).toEqual(['0×320', `silence×${10 * 320}`, '2×320']);
  });

  it('waits longer behind a hole once packets came too late, and never where nothing is missing', () => {
    const { stream, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 2 });
    for (let ms = 0; ms < 120; ms += 20) stream.tick(atMs(2) + ms);
    stream.receive(packet({ n: 1 }), atMs(2) + 120);
    expect(counters.latePackets).toBe(1);
    stream.receive(packet({ n: 9, place: 9 }), atMs(9));
    stream.receive(packet({ n: 11, place: 11 }), atMs(11));
    stream.receive(packet({ n: 10, place: 10 }), atMs(11) + 120);
    expect(counters).toMatchObject({ latePackets: 1, lostPackets: 7 });
    play(stream, { n: 12, place: 20 });
    expect(heard().at(-1)).toBe('12×320');
  });
});
