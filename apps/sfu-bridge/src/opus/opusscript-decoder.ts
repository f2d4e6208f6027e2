import OpusScript from 'opusscript';
import {
  DecoderLimitError,
  decodedRateHz,
  type SpeechDecoder,
  type SpeechDecoderFactory,
  undecodable,
} from './speech-decoder.ts';

/**
 * opusscript finds its PCM buffer by indexing a 16-bit heap view with a byte address, so it writes at twice the
 * address: from about the 80th instance of a thread on that is outside the heap. Encoders of the same thread count too.
 */
export const opusscriptLimit = 64;
let open = 0;

/** libopus 1.4 as WebAssembly: no loss concealment and no FEC, kept as a second opinion and for comparison. */
export const opusscript: SpeechDecoderFactory = {
  name: 'opusscript',
  create: async () => {
    if (open >= opusscriptLimit) throw new DecoderLimitError('opusscript', opusscriptLimit);
    open++;
    return new OpusscriptDecoder();
  },
};

class OpusscriptDecoder implements SpeechDecoder {
  #decoder = new OpusScript(decodedRateHz, 1, OpusScript.Application.VOIP);
  #closed = false;

  decode(packet: Uint8Array, out: Int16Array): number {
    // An empty packet would be taken as 180 ms of loss, a longer one would overrun the input buffer.
    if (packet.length === 0 || packet.length > OpusScript.MAX_PACKET_SIZE) return undecodable;
    try {
      const pcm = this.#decoder.decode(packet as Buffer);
      const samples = pcm.length >> 1;
      for (let i = 0; i < samples; i++) out[i] = pcm.readInt16LE(2 * i);
      return samples;
    } catch {
      return undecodable;
    }
  }

  recover(): number {
    return 0;
  }

  /** Silence: the codec's own concealment can't be reached. */
  conceal(sampleCount: number, out: Int16Array): number {
    out.fill(0, 0, sampleCount);
    return sampleCount;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    open--;
    this.#decoder.delete();
  }
}
