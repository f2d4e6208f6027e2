import { isDtx } from '../opus/opus-packet.ts';
import { maxDecodedSamples, type SpeechDecoder, samplesPerMs, undecodable } from '../opus/speech-decoder.ts';
import { LookBack } from './look-back.ts';
import { LossFiller } from './loss-filler.ts';
import type { SpeechTrack } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

/** Writes Opus packets onto the line: decoded, or, where their sender calls them silent, as silence a little later. */
export class PacketWriter {
  readonly filler: LossFiller;
  readonly #decoder: SpeechDecoder;
  readonly #track: SpeechTrack;
  readonly #counters: TapCounters;
  readonly #lookBack = new LookBack();
  readonly #out = new Int16Array(maxDecodedSamples);

  constructor(decoder: SpeechDecoder, track: SpeechTrack, counters: TapCounters) {
    this.#decoder = decoder;
    this.#track = track;
    this.#counters = counters;
    this.filler = new LossFiller(decoder, track, counters, this.#out);
  }

  /** Capture time at which the line ends, with the packets that are not told yet. */
  get endMs(): number {
    return this.#track.nextCaptureMs + this.#lookBack.samples / samplesPerMs;
  }

  /** Takes in a packet that is silent: told as silence unless a word begins within 100 ms. */
  hold(payload: Uint8Array, samples: number): void {
    this.#lookBack.push(payload, samples);
    while (this.#lookBack.overfull) this.#tellOldest();
  }

  /** Decodes a packet onto the line, without its first `overtaken` samples. */
  write(payload: Uint8Array, samples: number, overtaken: number): void {
    let decoded = this.#decoder.decode(payload, this.#out);
    const concealed = decoded === undecodable;
    if (concealed) {
      this.#counters.decodeErrors++;
      decoded = this.#decoder.conceal(samples, this.#out);
      this.#counters.concealedSamples += decoded;
    } else {
      this.#counters.decodedPackets++;
    }
    const from = Math.min(decoded, overtaken);
    if (!isDtx(payload)) {
      this.#counters.overtakenSamples += from;
      this.#track.writeSpeech(this.#out, from, decoded, concealed);
    } else if (decoded > from) this.filler.silence(decoded - from);
  }

  playLookBack(): void {
    while (this.#lookBack.takeOldest()) this.write(this.#lookBack.payload, this.#lookBack.sampleCount, 0);
  }

  tellLookBack(): void {
    while (this.#lookBack.samples > 0) this.#tellOldest();
  }

  #tellOldest(): void {
    if (!this.#lookBack.takeOldest()) return;
    this.#counters.gatedPackets++;
    this.filler.silence(this.#lookBack.sampleCount);
  }
}
