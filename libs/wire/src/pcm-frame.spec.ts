import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePcmFrame,
  encodePcmFrame,
  maxFrameBytes,
  maxFrameSamples,
  type PcmFrame,
  pcmFrameHeaderBytes,
} from './pcm-frame.ts';
import { WireError } from './wire-error.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

const frames: fc.Arbitrary<PcmFrame> = fc
  .record({
    streamId: uint32,
    sequence: uint32,
    captureMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
    discontinuity: fc.boolean(),
    silent: fc.boolean(),
    values: fc.int16Array({ minLength: 1, maxLength: maxFrameSamples }),
    concealed: fc.nat(maxFrameSamples),
  })
  .map(({ silent, values, concealed, ...rest }) => ({
    ...rest,
    sampleCount: values.length,
    concealedSamples: Math.min(concealed, values.length),
    samples: silent ? null : values,
  }));

const buffer = new Uint8Array(maxFrameBytes);
const encode = (frame: PcmFrame) => buffer.slice(0, encodePcmFrame(frame, buffer));

const spoken: PcmFrame = {
  streamId: 7,
  sequence: 11,
  captureMs: 1_700_000_000_000.25,
  sampleCount: 4,
  concealedSamples: 2,
  discontinuity: true,
  samples: Int16Array.of(1, -1, 32_767, -32_768),
};

function codeOf(bytes: Uint8Array): string {
  try {
    decodePcmFrame(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).code;
  }
  return 'accepted';
}

/** `spoken`, with some bytes of its header replaced. */
function tampered(change: (view: DataView) => void, frame = spoken): Uint8Array {
  const bytes = encode(frame);
  change(new DataView(bytes.buffer));
  return bytes;
}

describe('PCM frame codec', () => {
  it('returns what was encoded', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodePcmFrame(encode(frame))).toEqual(frame);
      }),
    );
  });

  it('lays the frame out as documented, little-endian', () => {
    expect([...encode({ ...spoken, captureMs: 0 })]).toEqual([
      ...[0x55, 1, 1, 1],
      ...[7, 0, 0, 0],
      ...[11, 0, 0, 0],
      ...[4, 0, 2, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0x80],
    ]);
  });

  it('sends silence as a bare header', () => {
    expect(encode({ ...spoken, samples: null })).toHaveLength(pcmFrameHeaderBytes);
  });

  it('reads and writes inside larger buffers, at any offset', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 9 }), (frame, offset) => {
        const large = new Uint8Array(maxFrameBytes + 16).fill(0xee);
        const length = encodePcmFrame(frame, large.subarray(offset));
        expect(decodePcmFrame(large.subarray(offset, offset + length))).toEqual(frame);
        expect(large[offset + length]).toBe(0xee);
      }),
    );
  });

  it('copies the samples, so that the bytes may be reused', () => {
    const bytes = encode(spoken);
    const frame = decodePcmFrame(bytes);
    bytes.fill(0);
    expect(frame.samples).toEqual(spoken.samples);
  });

  it.each([
    ['no samples', { sampleCount: 0, samples: new Int16Array(0) }],
    ['too many samples', { sampleCount: maxFrameSamples + 1, samples: null }],
    ['half a sample', { sampleCount: 1.5, samples: null }],
    ['a count that differs from its samples', { sampleCount: 5 }],
  ])('refuses to encode %s', (_, change) => {
    expect(() => encodePcmFrame({ ...spoken, ...change }, buffer)).toThrow(RangeError);
  });

  it('refuses a frame that was cut anywhere, as truncated', () => {
    const bytes = encode(spoken);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length))).toBe('frame-truncated');
    }
  });

  it.each<[string, string, Uint8Array]>([
    ['trailing bytes', 'frame-oversized', Uint8Array.of(...encode(spoken), 0)],
    ['a payload after silence', 'frame-oversized', Uint8Array.of(...encode({ ...spoken, samples: null }), 0)],
    [
      'more samples than a frame may hold',
      'frame-oversized',
      tampered((view) => view.setUint16(12, maxFrameSamples + 1, true)),
    ],
    ['another version', 'frame-version', tampered((view) => view.setUint8(1, 2))],
    ['a foreign first byte', 'frame-malformed', tampered((view) => view.setUint8(0, 0x7b))],
    ['an unknown kind', 'frame-malformed', tampered((view) => view.setUint8(2, 3))],
    [
      'silence without length',
      'frame-malformed',
      tampered((view) => view.setUint16(12, 0, true), { ...spoken, samples: null }),
    ],
    [
      'more concealed samples than samples',
      'frame-malformed',
      tampered((view) => view.setUint16(14, 5, true)),
    ],
    [
      'a capture time that is not a number',
      'frame-malformed',
      tampered((view) => view.setFloat64(16, Number.NaN, true)),
    ],
    [
      'an infinite capture time',
      'frame-malformed',
      tampered((view) => view.setFloat64(16, Number.POSITIVE_INFINITY, true)),
    ],
  ])('refuses %s as %s', (_, code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('answers any bytes with a frame or a typed error, nothing else', () => {
    const header = fc.constantFrom([0x55, 1, 1], [0x55, 1, 2], [0x55, 1], [0x55], []);
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const bytes = Uint8Array.of(...start, ...rest);
        if (codeOf(bytes) === 'accepted') {
          const frame = decodePcmFrame(bytes);
          expect(encode(frame)).toHaveLength(bytes.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
