import { describe, expect, it } from 'vitest';
import { atMs, epochMs, packet, play, setUp, wideband20, withFec } from './scripted-stream.ts';

describe('OpusStream, silence and time', () => {
  it('takes a timestamp jump without a hole for silence, not for loss', () => {
    const { stream, frames, decoder, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1 });
    play(stream, { n: 2, place: 22 });
    play(stream, { n: 3, place: 23 });
    expect(decoder.asked).toEqual(['decode 0', 'decode 1', 'decode 2', 'decode 3']);
    expect(heard()).toEqual(['0×320', '1×320', 'silence×6400', '2×320', '3×320']);
    expect(counters.lostPackets).toBe(0);
    expect(frames.some((each) => each.discontinuity)).toBe(false);
  });

  it('tells loss and silence apart where both lie in one gap', () => {
    const { stream, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1 });
    stream.receive(packet({ n: 4, place: 14, payload: withFec(4) }), atMs(14));
    stream.tick(atMs(14) + 80);
    play(stream, { n: 5, place: 15 });
    expect(heard()).toEqual(['0×320', '1×320', '-1000×320', 'silence×3200', '-4×320', '4×320', '5×320']);
  });

  it('decodes DTX packets for the decoder state but tells silence', () => {
    const { stream, decoder, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1, payload: Uint8Array.of(wideband20) });
    play(stream, { n: 2, place: 21, payload: Uint8Array.of(wideband20) });
    expect(decoder.asked).toHaveLength(3);
    expect(heard()).toEqual(['0×320', `silence×${21 * 320}`]);
  });

  it('goes on telling silence, 100 ms at a time, while nothing arrives', () => {
    const { stream, frames, heard } = setUp();
    for (let ms = 0; ms <= 1_000; ms += 20) stream.tick(epochMs + ms);
    expect(heard()).toEqual(['silence×9600']);
    expect(frames.every((each) => each.sampleCount === 1_600)).toBe(true);
  });

  it('continues in true time after a pause that was told as silence', () => {
    const { stream, track, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1 });
    for (let ms = 0; ms < 1_000; ms += 20) stream.tick(atMs(1) + ms);
    play(stream, { n: 2, place: 52 });
    play(stream, { n: 3, place: 53 });
    expect(heard()).toEqual(['0×320', '1×320', 'silence×16000', '2×320', '3×320']);
    expect(track.nextCaptureMs).toBeCloseTo(epochMs + 54 * 20, 3);
  });

  it('throws away what comes after its time was told as silence', () => {
    const { stream, counters, heard } = setUp();
    play(stream, { n: 0 });
    stream.tick(atMs(0) + 700);
    stream.receive(packet({ n: 1 }), atMs(0) + 710);
    stream.receive(packet({ n: 2 }), atMs(0) + 710);
    expect(counters.overtakenSamples).toBe(640);
    expect(heard()).toEqual(['0×320', `silence×${3 * 1_600}`]);
  });

  it('loses no speech when its clock is put back, and is in true time after the next pause', () => {
    const { stream, counters, frames, heard } = setUp();
    // The first packet is held up, so everything seems to come 100 ms too early until the clock is put right.
    stream.receive(packet({ n: 0 }), atMs(0) + 100);
    for (let n = 1; n < 60; n++) play(stream, { n });
    play(stream, { n: 60, place: 80 });
    play(stream, { n: 61, place: 81 });
    expect(counters.overtakenSamples).toBe(0);
    const words = Array.from({ length: 59 }, (_, i) => `${i + 1}×320`);
    // The line waits for its clock by half a millisecond a packet, and in the pause for the rest.
    expect(heard()).toEqual([
      'silence×1600',
      '0×320',
      ...words,
      `silence×${20 * 320 - 1_600 + 59 * 8}`,
      '60×320',
      '61×320',
    ]);
    const last = frames.at(-1)!;
    expect(last.captureMs + last.sampleCount / 16).toBeCloseTo(epochMs + 82 * 20, 3);
  });

  it('anchors its time anew after a mute, during which the media clock may have stood still', () => {
    const { stream, counters, heard } = setUp();
    play(stream, { n: 0 });
    play(stream, { n: 1 });
    for (let ms = 0; ms <= 3_000; ms += 20) stream.tick(atMs(1) + ms);
    stream.resume();
    stream.receive(packet({ n: 2 }), atMs(1) + 3_020);
    stream.receive(packet({ n: 3 }), atMs(1) + 3_040);
    expect(counters.overtakenSamples).toBe(0);
    expect(heard()).toEqual(['0×320', '1×320', `silence×${3_000 * 16}`, '2×320', '3×320']);
  });
});
