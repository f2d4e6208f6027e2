import { describe, expect, it } from 'vitest';
import { atMs, play, setUp, wideband20 } from './scripted-stream.ts';

const loud = 30;
const silent = 90;

describe('OpusStream, audio levels', () => {
  it('tells what its sender calls silent as silence, without decoding it', () => {
    const { stream, decoder, counters, heard } = setUp();
    for (let n = 0; n < 5; n++) play(stream, { n, level: loud });
    for (let n = 5; n < 55; n++) play(stream, { n, level: silent });
    stream.tick(atMs(54) + 60);
    // After five loud packets, 300 ms of hang-over less the packet that closes the gate.
    expect(decoder.asked).toEqual(Array.from({ length: 19 }, (_, n) => `decode ${n}`));
    expect(heard().at(-1)).toBe(`silence×${36 * 320}`);
    expect(counters).toMatchObject({ gatedPackets: 36, decodedPackets: 19, silenceSamples: 36 * 320 });
  });

  it('brings the 100 ms before an onset with it, so that none is clipped', () => {
    const { stream, frames, heard } = setUp();
    for (let n = 0; n < 40; n++) play(stream, { n, level: silent });
    play(stream, { n: 40, level: loud });
    play(stream, { n: 41, level: loud });
    const line = heard();
    expect(line.slice(-8)).toEqual(['silence×6720', ...[35, 36, 37, 38, 39, 40, 41].map((n) => `${n}×320`)]);
    const onset = frames.find((each) => each.samples?.[0] === 35);
    expect(onset?.captureMs).toBeCloseTo(atMs(35) - 20, 2);
  });

  it('tells lost packets in silence as silence', () => {
    const { stream, decoder, counters, heard } = setUp();
    for (let n = 0; n < 30; n++) play(stream, { n, level: silent });
    for (let n = 32; n < 40; n++) play(stream, { n, level: silent });
    stream.tick(atMs(39) + 60);
    expect(decoder.asked).toHaveLength(14);
    expect(counters).toMatchObject({ lostPackets: 2, concealedSamples: 0 });
    expect(heard().at(-1)).toBe(`silence×${26 * 320}`);
  });

  it('is in true time after a silence in which the clock drifted', () => {
    const { stream, track } = setUp();
    for (let n = 0; n < 30; n++) play(stream, { n, level: silent, toldMs: atMs(n) - 40 });
    for (let n = 30; n < 200; n++) play(stream, { n, level: silent, toldMs: atMs(n) - 40 - (n - 30) / 10 });
    play(stream, { n: 200, level: loud, toldMs: atMs(200) - 57 });
    expect(Math.abs(track.nextCaptureMs - (atMs(200) - 37))).toBeLessThan(2);
  });

  it('decodes everything where packets carry no level, and DTX packets never open the gate', () => {
    const { stream, decoder, heard } = setUp();
    for (let n = 0; n < 40; n++) play(stream, { n });
    expect(decoder.asked).toHaveLength(40);
    for (let n = 40; n < 45; n++) play(stream, { n, payload: Uint8Array.of(wideband20) });
    expect(heard().at(-1)).toBe(`silence×${5 * 320}`);
  });
});
