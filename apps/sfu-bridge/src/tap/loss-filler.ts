import { hasInbandFec } from '../opus/opus-packet.ts';
import { type SpeechDecoder, samplesPerMs } from '../opus/speech-decoder.ts';
import type { SpeechTrack } from './speech-track.ts';
import type { TapCounters } from './tap-counters.ts';

/** Concealment is worth hearing for this long; what is lost beyond is left out and marked. */
const maxConcealedSamples = 1_920;
/** Opus conceals in steps of 2.5 ms. */
const concealmentStepSamples = 40;

/** Fills the time before a packet: with what can be rebuilt or made up of the loss, and with silence. */
export class LossFiller {
  readonly #decoder: SpeechDecoder;
  readonly #track: SpeechTrack;
  readonly #counters: TapCounters;
  readonly #out: Int16Array;

  /** `out` holds `maxDecodedSamples` and is overwritten. */
  constructor(decoder: SpeechDecoder, track: SpeechTrack, counters: TapCounters, out: Int16Array) {
    this.#decoder = decoder;
    this.#track = track;
    this.#counters = counters;
    this.#out = out;
  }

  /**
   * Fills `lostSamples` and then `silentSamples` before `next`, a packet of `nextSamples`.
   * In-band FEC holds the audio just before its packet, of the same length (RFC 6716 §2.1.7).
   */
  fill(lostSamples: number, silentSamples: number, next: Uint8Array, nextSamples: number): void {
    const recoverable = lostSamples >= nextSamples && hasInbandFec(next) ? nextSamples : 0;
    const concealable = wholeSteps(Math.min(lostSamples - recoverable, maxConcealedSamples - recoverable));
    const skipped = lostSamples - recoverable - concealable;
    if (concealable > 0) this.conceal(concealable);
    if (skipped > 0) {
      this.#counters.skippedSamples += skipped;
      this.#track.skipTo(this.#track.nextCaptureMs + skipped / samplesPerMs);
    }
    if (silentSamples > 0) this.silence(silentSamples);
    if (recoverable > 0) this.#recover(next, recoverable);
  }

  silence(sampleCount: number): void {
    this.#counters.silenceSamples += sampleCount;
    this.#track.writeSilence(sampleCount);
  }

  conceal(sampleCount: number): void {
    const made = this.#decoder.conceal(sampleCount, this.#out);
    this.#counters.concealedSamples += made;
    this.#track.writeSpeech(this.#out, 0, made, true);
  }

  #recover(next: Uint8Array, sampleCount: number): void {
    const recovered = this.#decoder.recover(next, sampleCount, this.#out);
    if (recovered <= 0) {
      this.conceal(sampleCount);
      return;
    }
    this.#counters.recoveredSamples += recovered;
    this.#track.writeSpeech(this.#out, 0, recovered, true);
  }
}

const wholeSteps = (samples: number): number => samples - (samples % concealmentStepSamples);
