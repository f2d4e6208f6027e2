/** Rate at which speech is decoded: Opus decodes straight to it, no resampler needed. */
export const decodedRateHz = 16_000;
export const samplesPerMs = decodedRateHz / 1_000;
/** The 120 ms of the longest Opus packet. */
export const maxDecodedSamples = 1_920;

export const speechDecoderNames = ['libopus-wasm', 'opusscript'] as const;
export type SpeechDecoderName = (typeof speechDecoderNames)[number];

/**
 * One speaker's Opus decoder: packets in, mono 16 kHz out. It has state: packets and losses must come in order.
 * `out` always holds `maxDecodedSamples`; every method returns the samples written, or `undecodable`.
 */
export interface SpeechDecoder {
  /** Decodes a packet that is not empty. */
  decode(packet: Uint8Array, out: Int16Array): number;
  /**
   * Rebuilds the `sampleCount` samples lost just before `next` from its in-band FEC.
   * 0 if this decoder can't.
   */
  recover(next: Uint8Array, sampleCount: number, out: Int16Array): number;
  /** Makes up `sampleCount` lost samples from what was heard before; a multiple of 2.5 ms. */
  conceal(sampleCount: number, out: Int16Array): number;
  close(): void;
}

/** Returned for a packet that the codec refuses. */
export const undecodable = -1;

export interface SpeechDecoderFactory {
  readonly name: SpeechDecoderName;
  /** @throws DecoderLimitError if this thread can hold no more decoders */
  create(): Promise<SpeechDecoder>;
}

/** This thread holds as many decoders as are safe; the speaker can't be analysed until one is closed. */
export class DecoderLimitError extends Error {
  readonly code = 'decoder-limit';

  constructor(name: SpeechDecoderName, limit: number) {
    super(
      `${name} holds ${limit} decoders, its limit in one thread; use SPEECH_DECODER=libopus-wasm for more`,
    );
    this.name = 'DecoderLimitError';
  }
}
