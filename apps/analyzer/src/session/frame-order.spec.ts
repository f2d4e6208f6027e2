import type { PcmFrame } from '@undertone/wire';
import { describe, expect, it } from 'vitest';
import { FrameOrder } from './frame-order.ts';

const frame = (sequence: number, captureMs: number, discontinuity = false): PcmFrame => ({
  streamId: 1,
  sequence,
  captureMs,
  sampleCount: 320,
  concealedSamples: 0,
  discontinuity,
  samples: null,
});

describe('FrameOrder', () => {
  it('takes frames that follow upon one another, across the wrap, and no frame twice', () => {
    const order = new FrameOrder();
    expect(order.accept(frame(0xffff_ffff, 1_000))).toBe(true);
    expect(order.accept(frame(0, 1_020))).toBe(true);
    expect(order.accept(frame(0xffff_ffff, 1_000))).toBe(false);
    expect(order.accept(frame(0, 1_020))).toBe(false);
    expect([order.missingFrames, order.lostSamples]).toEqual([0, 0]);
  });

  it('counts what never came, by its capture time', () => {
    const order = new FrameOrder();
    order.accept(frame(7, 1_000));
    expect(order.accept(frame(10, 1_060))).toBe(true);
    expect([order.missingFrames, order.lostSamples]).toEqual([2, 40 * 16]);
    order.accept(frame(11, 1_180, true));
    expect([order.missingFrames, order.lostSamples]).toEqual([0, 100 * 16]);
  });

  it('takes what lies between the end of one stream and the next for lost, a second at most', () => {
    const order = new FrameOrder();
    order.accept(frame(500, 1_000));
    order.restart();
    expect(order.accept(frame(0, 1_320))).toBe(true);
    expect([order.missingFrames, order.lostSamples]).toEqual([0, 300 * 16]);
    order.restart();
    order.accept(frame(0, 60_000));
    expect(order.lostSamples).toBe(16_000);
    // A clock that went back loses nothing.
    order.restart();
    order.accept(frame(0, 50_000));
    expect(order.lostSamples).toBe(0);
  });
});
