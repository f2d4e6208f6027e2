import type { PcmFrame } from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SpeechDecoder, undecodable } from '../opus/speech-decoder.ts';
import { FrameRing } from './frame-ring.ts';
import { OpusStream } from './opus-stream.ts';
import { SpeechTrack } from './speech-track.ts';
import { TapCounters } from './tap-counters.ts';

const epochMs = 1_700_000_000_000;
const payloadType = 100;
/** SILK wideband, 20 ms, one frame (RFC 6716 §3.1): a packet is the byte below, flags, and its own number. */
const wideband20 = 9 << 3;
const fecFlag = 0x40;

/** Writes down what it is asked to do; "decodes" packet n to 20 ms of the sample value n. */
class ScriptedDecoder implements SpeechDecoder {
  readonly asked: string[] = [];
  closed = 0;

  decode(packet: Uint8Array, out: Int16Array): number {
    if (packet[1] === 0xff) {
      this.asked.push('refuse');
      return undecodable;
    }
    const n = packet.length > 2 ? packet[2] : 0;
    this.asked.push(`decode ${n}`);
    out.fill(n, 0, 320);
    return 320;
  }

  recover(next: Uint8Array, sampleCount: number, out: Int16Array): number {
    this.asked.push(`recover ${sampleCount} before ${next[2]}`);
    out.fill(-next[2], 0, sampleCount);
    return sampleCount;
  }

  conceal(sampleCount: number, out: Int16Array): number {
    this.asked.push(`conceal ${sampleCount}`);
    out.fill(-1_000, 0, sampleCount);
    return sampleCount;
  }

  close(): void {
    this.closed++;
  }
}

function setUp() {
  const decoder = new ScriptedDecoder();
  const counters = new TapCounters();
  const ring = new FrameRing(1_024, counters);
  const frames: PcmFrame[] = [];
  const track = new SpeechTrack(ring, epochMs, () => {
    const frame: PcmFrame = {
      streamId: 1,
      sequence: 0,
      captureMs: 0,
      sampleCount: 0,
      concealedSamples: 0,
      discontinuity: false,
      samples: null,
    };
    ring.take(frame);
    frames.push({ ...frame, samples: frame.samples?.slice() ?? null });
  });
  const stream = new OpusStream({ payloadType, playoutDelayMs: 80, decoder, track, counters });
  /** All frames so far, as runs; ends the frame that isn't full. */
  const heard = () => {
    track.flush();
    return line(frames);
  };
  return { decoder, counters, frames, track, stream, heard };
}

interface Sent {
  /** Number of the packet, and of its sequence. */
  n: number;
  /** Place in the audio in packets of 20 ms, if it isn't `n`. */
  place?: number;
  payload?: Uint8Array;
  type?: number;
}

function packet({
  n,
  place = n,
  payload = Uint8Array.of(wideband20, 0, n & 0xff),
  type = payloadType,
}: Sent) {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = type;
  bytes.writeUInt16BE((65_530 + n) & 0xffff, 2);
  bytes.writeUInt32BE((4_294_960_000 + 960 * place) % 0x1_0000_0000, 4);
  bytes.writeUInt32BE(1, 8);
  bytes.set(payload, 12);
  return bytes;
}

const withFec = (n: number) => Uint8Array.of(wideband20, fecFlag, n);
/** When packet `place` arrives if nothing delays it. */
const atMs = (place: number) => epochMs + 20 * place + 20;

const play = (stream: OpusStream, sent: Sent) => stream.receive(packet(sent), atMs(sent.place ?? sent.n));

/** The line as runs: `5×320` is 320 samples of value 5, `silence×320`, `|` a discontinuity. */
function line(frames: PcmFrame[]): string[] {
  const runs: [string, number][] = [];
  for (const { samples, sampleCount, discontinuity } of frames) {
    if (discontinuity) runs.push(['|', 0]);
    for (let i = 0; i < sampleCount; i++) {
      const value = samples ? String(samples[i]) : 'silence';
      const last = runs.at(-1);
      if (last?.[0] === value) last[1]++;
      else runs.push([value, 1]);
    }
  }
  return runs.map(([value, length]) => (value === '|' ? '|' : `${value}×${length}`));
}

describe('OpusStream', () => {
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
    expect(heard()).toEqual([
      'silence×1600',
      '0×320',
      ...words,
      `silence×${20 * 320 - 1_600}`,
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
    stream.receive(packet({ n: 3, type: 13 }), atMs(3));
    stream.receive(Uint8Array.of(1, 2, 3), atMs(3));
    play(stream, { n: 3 });
    expect(counters).toMatchObject({ packets: 7, duplicatePackets: 1, latePackets: 1, lostPackets: 1 });
    expect(counters.faults['rtp-payload-type']).toBe(1);
    expect(counters.faults['rtp-too-short']).toBe(1);
    expect(heard()).toEqual(['0×320', '-1000×320', '2×320', '3×320']);
  });

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
          if (discontinuity) expect(captureMs).toBeGreaterThanOrEqual(endMs - 1e-3);
          else expect(captureMs).toBeCloseTo(endMs, 2);
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
