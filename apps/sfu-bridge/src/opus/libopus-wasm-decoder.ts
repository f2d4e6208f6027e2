import { createDecoder, type OpusDecoderHandle } from 'libopus-wasm';
import {
  decodedRateHz,
  maxDecodedSamples,
  type SpeechDecoder,
  type SpeechDecoderFactory,
  undecodable,
} from './speech-decoder.ts';

/** libopus 1.6 as WebAssembly: loss concealment, in-band FEC, and one memory for all decoders of the thread. */
export const libopusWasm: SpeechDecoderFactory = {
  name: 'libopus-wasm',
  create: async () =>
    new LibopusWasmDecoder(
      await createDecoder({ sampleRate: decodedRateHz, channels: 1, maxFrameSize: maxDecodedSamples }),
    ),
};

class LibopusWasmDecoder implements SpeechDecoder {
  #decoder: OpusDecoderHandle;
  // Reused, so that a lost packet allocates no options.
  #recovery = { decodeFec: true, frameSize: 0 };
  #concealment = { frameSize: 0 };

  constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  decode(packet: Uint8Array, out: Int16Array): number {
    try {
      return copy(this.#decoder.decode(packet), out);
    } catch {
      return undecodable;
    }
  }

  recover(next: Uint8Array, sampleCount: number, out: Int16Array): number {
    this.#recovery.frameSize = sampleCount;
    try {
      return copy(this.#decoder.decode(next, this.#recovery), out);
    } catch {
      return undecodable;
    }
  }

  conceal(sampleCount: number, out: Int16Array): number {
    this.#concealment.frameSize = sampleCount;
    return copy(this.#decoder.decode(null, this.#concealment), out);
  }

  close(): void {
    this.#decoder.free();
  }
}

function copy(samples: Int16Array, out: Int16Array): number {
  out.set(samples);
  return samples.length;
}
