import type { PcmFrame } from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRing, frameSamples } from './frame-ring.ts';
import { SpeechTrack, silenceFrameSamples } from './speech-track.ts';

function record() {
  const ring = new FrameRing(512, { droppedFrames: 0 });
  const frames: PcmFrame[] = [];
  const track = new SpeechTrack(ring, 0, () => {
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
  return { track, frames };
}

describe('SpeechTrack', () => {
  it('cuts speech into full frames whatever the pieces it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_920 }), { minLength: 1, maxLength: 30 }), (pieces) => {
        const { track, frames } = record();
        let written = 0;
        for (const length of pieces) {
          const piece = Int16Array.from({ length }, () => written++ % 30_000);
          track.writeSpeech(piece, 0, length, false);
        }
        track.flush();
        expect(frames.slice(0, -1).every((each) => each.sampleCount === frameSamples)).toBe(true);
        const line = frames.flatMap((each) => Array.from(each.samples!));
        expect(line).toEqual(Array.from({ length: written }, (_, i) => i % 30_000));
        frames.forEach((each, n) => {
          expect(each.captureMs).toBeCloseTo(40 * n, 6);
        });
        expect(track.nextCaptureMs).toBeCloseTo(written / 16, 6);
      }),
      { numRuns: 50 },
    );
  });

  it('writes only the part of the samples that it is asked to, and counts what was made up', () => {
    const { track, frames } = record();
    track.writeSpeech(Int16Array.of(1, 2, 3, 4), 1, 3, false);
    track.writeSpeech(Int16Array.of(5, 6), 0, 2, true);
    track.flush();
    expect(frames).toMatchObject([{ sampleCount: 4, concealedSamples: 2 }]);
    expect(frames[0].samples).toEqual(Int16Array.of(2, 3, 5, 6));
  });

  it('ends the frame before silence, and tells silence in pieces of 100 ms', () => {
    const { track, frames } = record();
    track.writeSpeech(new Int16Array(160), 0, 160, false);
    track.writeSilence(silenceFrameSamples + 80);
    expect(
      frames.map(({ captureMs, sampleCount, samples }) => [captureMs, sampleCount, samples !== null]),
    ).toEqual([
      [0, 160, true],
      [10, 1_600, false],
      [110, 80, false],
    ]);
  });

  it('marks the frame after lost audio, and only that', () => {
    const { track, frames } = record();
    track.writeSpeech(new Int16Array(100), 0, 100, false);
    track.skipTo(500);
    track.writeSpeech(new Int16Array(2 * frameSamples), 0, 2 * frameSamples, false);
    expect(frames.map(({ captureMs, discontinuity }) => [captureMs, discontinuity])).toEqual([
      [0, false],
      [500, true],
      [540, false],
    ]);
  });
});
