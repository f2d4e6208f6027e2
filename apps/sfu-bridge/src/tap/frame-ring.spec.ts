import { blankPcmFrame } from '@undertone/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRing, frameSamples } from './frame-ring.ts';

describe('FrameRing', () => {
  it('gives frames back in order, as they were put in', () => {
    const ring = new FrameRing(4, { droppedFrames: 0 });
    const samples = Int16Array.from({ length: frameSamples }, (_, i) => i);
    ring.push(samples, frameSamples, 1_000, 40, true);
    ring.push(samples, 5, 1_040, 0, false);
    ring.push(null, 1_600, 1_041, 0, false);
    const frame = blankPcmFrame();
    expect(ring.take(frame)).toBe(true);
    expect(frame).toMatchObject({ sequence: 0, captureMs: 1_000, concealedSamples: 40, discontinuity: true });
    expect(frame.samples).toEqual(samples);
    ring.take(frame);
    expect(frame.samples).toEqual(samples.subarray(0, 5));
    ring.take(frame);
    expect(frame).toMatchObject({ sequence: 2, sampleCount: 1_600, discontinuity: false, samples: null });
    expect(ring.take(frame)).toBe(false);
  });

  it('keeps the newest when full, counts what it drops, and leaves a hole in the sequence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.boolean(), { maxLength: 100 }),
        (capacity, pushes) => {
          const counters = { droppedFrames: 0 };
          const ring = new FrameRing(capacity, counters);
          const model: number[] = [];
          const frame = blankPcmFrame();
          let pushed = 0;
          let dropped = 0;
          for (const push of pushes) {
            if (push) {
              ring.push(Int16Array.of(pushed), 1, pushed, 0, false);
              model.push(pushed++);
              if (model.length > capacity) {
                model.shift();
                dropped++;
              }
            } else {
              const expected = model.shift();
              expect(ring.take(frame)).toBe(expected !== undefined);
              if (expected !== undefined) {
                expect(frame.sequence).toBe(expected);
                expect(frame.captureMs).toBe(expected);
                expect(frame.samples).toEqual(Int16Array.of(expected));
              }
            }
            expect(ring.length).toBe(model.length);
            expect(counters.droppedFrames).toBe(dropped);
          }
        },
      ),
    );
  });

  it('gives out again what it still keeps, under the same numbers, and drops nothing that was given out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 20 }), (capacity, pushes) => {
        const counters = { droppedFrames: 0 };
        const ring = new FrameRing(capacity, counters);
        const frame = blankPcmFrame();
        expect(ring.begun).toBe(false);
        for (let n = 0; n < pushes; n++) {
          ring.push(Int16Array.of(n), 1, n, 0, false);
          expect(ring.take(frame)).toBe(true);
          expect(frame.sequence).toBe(n);
        }
        ring.rewind();
        const kept = Math.min(capacity, pushes);
        expect(ring.length).toBe(kept);
        for (let n = pushes - kept; n < pushes; n++) {
          ring.take(frame);
          expect([frame.sequence, frame.captureMs, frame.samples![0]]).toEqual([n, n, n]);
        }
        expect(ring.take(frame)).toBe(false);
        expect(counters.droppedFrames).toBe(0);
        expect(ring.begun).toBe(true);
      }),
    );
  });

  it('forgets everything when cleared, without calling it dropped', () => {
    const counters = { droppedFrames: 0 };
    const ring = new FrameRing(2, counters);
    ring.push(null, 10, 0, 0, false);
    ring.clear();
    expect(ring.length).toBe(0);
    expect(counters.droppedFrames).toBe(0);
  });
});
