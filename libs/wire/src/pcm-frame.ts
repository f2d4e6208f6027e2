import { WireError } from './wire-error.ts';

/** Sample rate of every PCM frame on the wire. */
export const pcmSampleRateHz = 16_000;
/** Longest frame: the 120 ms of the longest Opus packet (RFC 6716 §2.1.4). */
export const maxFrameSamples = 1_920;
export const pcmFrameHeaderBytes = 24;
export const maxFrameBytes = pcmFrameHeaderBytes + 2 * maxFrameSamples;

const magic = 0x55; // 'U'
const version = 1;
const kindPcm = 1;
const kindSilence = 2;
const flagDiscontinuity = 1;

/**
 * A piece of one speaker's audio on its way from the bridge to the analyzer.
 *
 * Binary layout, little-endian, 24-byte header:
 * `u8 'U' · u8 version · u8 kind · u8 flags · u32 streamId · u32 sequence · u16 sampleCount · u16 concealedSamples ·
 * f64 captureMs`, then for kind `pcm` the samples as s16.
 */
export interface PcmFrame {
  /** The bridge's number for this speaker's stream, announced by `speaker-joined`. */
  streamId: number;
  /** Counts the frames of the stream (mod 2³²); a hole means frames dropped by back-pressure. */
  sequence: number;
  /** Wall clock of the first sample, milliseconds since the Unix epoch. */
  captureMs: number;
  sampleCount: number;
  /** How many of the samples were made up by FEC or loss concealment. */
  concealedSamples: number;
  /** Audio between the previous frame and this one was lost. */
  discontinuity: boolean;
  /** Mono 16 kHz samples, length `sampleCount`; null for digital silence (DTX, pause, mute). */
  samples: Int16Array | null;
}

/** A frame to be filled, again and again. */
export const blankPcmFrame = (): PcmFrame => ({
  streamId: 0,
  sequence: 0,
  captureMs: 0,
  sampleCount: 0,
  concealedSamples: 0,
  discontinuity: false,
  samples: null,
});

/**
 * Writes `frame` into `target` and returns the bytes written.
 * `target` must hold `maxFrameBytes`.
 * @throws RangeError if sampleCount is not 1…`maxFrameSamples` or differs from the length of `samples`
 */
export function encodePcmFrame(frame: PcmFrame, target: Uint8Array): number {
  const { samples, sampleCount } = frame;
  if (!Number.isInteger(sampleCount) || sampleCount < 1 || sampleCount > maxFrameSamples) {
    throw new RangeError(`a frame holds 1 to ${maxFrameSamples} samples, not ${sampleCount}`);
  }
  if (samples !== null && samples.length !== sampleCount) {
    throw new RangeError(`sampleCount is ${sampleCount} but ${samples.length} samples were given`);
  }
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint8(0, magic);
  view.setUint8(1, version);
  view.setUint8(2, samples === null ? kindSilence : kindPcm);
  view.setUint8(3, frame.discontinuity ? flagDiscontinuity : 0);
  view.setUint32(4, frame.streamId, true);
  view.setUint32(8, frame.sequence, true);
  view.setUint16(12, sampleCount, true);
  view.setUint16(14, frame.concealedSamples, true);
  view.setFloat64(16, frame.captureMs, true);
  if (samples === null) return pcmFrameHeaderBytes;
  for (let i = 0, at = pcmFrameHeaderBytes; i < sampleCount; i++, at += 2)
    view.setInt16(at, samples[i], true);
  return pcmFrameHeaderBytes + 2 * sampleCount;
}

/**
 * Reads frames. The bytes are copied, so that they may be reused; nothing is allocated as long as the frames are of one length.
 * Samples are read as the platform stores them: little-endian, as everywhere that Undertone runs.
 */
export class PcmFrameReader {
  readonly #bytes = new Uint8Array(maxFrameBytes);
  readonly #view = new DataView(this.#bytes.buffer);
  #samples = new Int16Array(0);
  readonly #frame = blankPcmFrame();

  /**
   * Returns a frame that the next call overwrites, its samples included.
   * @throws WireError `frame-truncated`, `frame-malformed`, `frame-version` or `frame-oversized`
   */
  read(bytes: Uint8Array): PcmFrame {
    if (bytes.byteLength < pcmFrameHeaderBytes) {
      throw new WireError(
        'frame-truncated',
        `a PCM frame has at least ${pcmFrameHeaderBytes} bytes, got ${bytes.byteLength}`,
      );
    }
    this.#bytes.set(bytes.byteLength > maxFrameBytes ? bytes.subarray(0, maxFrameBytes) : bytes);
    const view = this.#view;
    if (view.getUint8(0) !== magic)
      throw new WireError('frame-malformed', 'not a PCM frame: wrong first byte');
    if (view.getUint8(1) !== version) {
      throw new WireError(
        'frame-version',
        `PCM frame version ${view.getUint8(1)} is not supported, expected ${version}`,
      );
    }
    const kind = view.getUint8(2);
    if (kind !== kindPcm && kind !== kindSilence)
      throw new WireError('frame-malformed', `unknown PCM frame kind ${kind}`);
    const sampleCount = view.getUint16(12, true);
    const concealedSamples = view.getUint16(14, true);
    const captureMs = view.getFloat64(16, true);
    if (sampleCount > maxFrameSamples) {
      throw new WireError(
        'frame-oversized',
        `a frame holds at most ${maxFrameSamples} samples, got ${sampleCount}`,
      );
    }
    if (sampleCount === 0) throw new WireError('frame-malformed', 'a PCM frame without samples');
    if (concealedSamples > sampleCount)
      throw new WireError('frame-malformed', 'more concealed samples than samples');
    if (!Number.isFinite(captureMs))
      throw new WireError('frame-malformed', 'capture time is not a finite number');
    const expectedBytes = pcmFrameHeaderBytes + (kind === kindPcm ? 2 * sampleCount : 0);
    if (bytes.byteLength < expectedBytes) {
      throw new WireError(
        'frame-truncated',
        `${sampleCount} samples need ${expectedBytes} bytes, got ${bytes.byteLength}`,
      );
    }
    if (bytes.byteLength > expectedBytes) {
      throw new WireError('frame-oversized', `expected ${expectedBytes} bytes, got ${bytes.byteLength}`);
    }
    const frame = this.#frame;
    frame.streamId = view.getUint32(4, true);
    frame.sequence = view.getUint32(8, true);
    frame.captureMs = captureMs;
    frame.sampleCount = sampleCount;
    frame.concealedSamples = concealedSamples;
    frame.discontinuity = (view.getUint8(3) & flagDiscontinuity) !== 0;
    frame.samples = kind === kindPcm ? this.#first(sampleCount) : null;
    return frame;
  }

  #first(sampleCount: number): Int16Array {
    if (this.#samples.length !== sampleCount)
      this.#samples = new Int16Array(this.#bytes.buffer, pcmFrameHeaderBytes, sampleCount);
    return this.#samples;
  }
}

/**
 * Reads one frame into memory of its own.
 * @throws WireError as `PcmFrameReader.read` does
 */
export const decodePcmFrame = (bytes: Uint8Array): PcmFrame => new PcmFrameReader().read(bytes);
