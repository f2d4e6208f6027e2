import type { MfccOptions } from './mfcc-options.ts';
import { MinimumTracker } from './minimum-tracker.ts';

/** Speech is sought where telephone speech lives: outside, hum and hiss dominate. */
const speechLowHz = 150;
const speechHighHz = 4_000;
const decibelsPerNeper = 10 / Math.LN10;
/** Mean signal-to-noise ratio of the speech bands at which a hop is active, and below which it no longer is. */
const onsetDb = 4.5;
const offsetDb = 2.5;
/** Mean log mel energy below which nothing is speech, however silent the background: about −75 dBFS of white noise. */
const audibleLogEnergy = -12.5;
/** While the noise is not known yet, its log mel energy is assumed to be no more than this: about −62 dBFS. */
const presumedLogNoise = -9.5;
const presumedMs = 500;
/** The floor of this long is the noise: longer than a stressed syllable, shorter than a breath group. */
const noiseMemoryMs = 1_600;
/** A minimum of smoothed log energies lies below their mean; what is added to make up for it. */
const minimumBias = 0.9;
/** Share of the new hop in the smoothed log energies. */
const smoothing = 0.35;
/** So much more active than inactive hops make an onset: a click is shorter. */
const confirmMs = 40;
/** How much before the confirmed hops belongs to the onset: unvoiced consonants rise slowly. */
const lookBackMs = 60;
/** Speech goes on this long after its last active hop: stops and short pauses inside words. */
const hangOverMs = 200;

/**
 * Tells speech from silence, hop by hop, from the log mel energies of `StreamingMfcc`.
 *
 * Per band, the noise is the minimum of the smoothed log energy over the last 1.6 s (minimum statistics, after
 * Martin 2001); a hop is active when the speech bands rise above it by 4.5 dB on average (2.5 dB to stay active).
 * An onset needs 40 ms of activity and is dated back, so that it is not clipped; speech ends 200 ms after the last
 * active hop. Steady sounds, however loud, become noise after 1.6 s. Memory is constant; `push` allocates nothing.
 */
export class VoiceActivityDetector {
  /** `push` never returns more than this: what a caller must keep to be able to date an onset back. */
  readonly maxOnsetHops: number;
  readonly #firstBand: number;
  readonly #bandEnd: number;
  readonly #noise: MinimumTracker;
  readonly #smoothed: Float64Array;
  readonly #presumedHops: number;
  /** Sum of the log mel energies of digital silence, and a little more. */
  readonly #nothing: number;
  readonly #confirmHops: number;
  readonly #hangOverHops: number;
  #hops = 0;
  #evidence = 0;
  #hangOver = 0;
  #silentHops = 0;

  /** @param mfcc the options of the extractor that the log mel energies come from */
  constructor(mfcc: MfccOptions) {
    const hopMs = (1_000 * mfcc.hopSamples) / mfcc.sampleRateHz;
    const hops = (ms: number) => Math.max(1, Math.round(ms / hopMs));
    this.#firstBand = nearestBand(mfcc, speechLowHz);
    this.#bandEnd = nearestBand(mfcc, speechHighHz) + 1;
    this.#presumedHops = hops(presumedMs);
    this.#confirmHops = hops(confirmMs);
    this.#hangOverHops = hops(hangOverMs);
    this.maxOnsetHops = this.#confirmHops + hops(lookBackMs);
    const bands = this.#bandEnd - this.#firstBand;
    this.#nothing = (Math.log(mfcc.energyFloor) + 0.1) * bands;
    this.#noise = new MinimumTracker(bands, hops(noiseMemoryMs));
    this.#smoothed = new Float64Array(bands);
  }

  /**
   * Takes the next hop and says how many of the newest hops are thereby speech:
   * 0 in silence, 1 while speech goes on, and at an onset the number of hops, this one included, since it began.
   */
  push(logMel: Float32Array): number {
    const active = this.#isActive(logMel);
    if (this.#hangOver > 0) {
      this.#hangOver = active ? this.#hangOverHops : this.#hangOver - 1;
      if (this.#hangOver > 0) return 1;
      this.#evidence = 0;
      this.#silentHops = 1;
      return 0;
    }
    this.#silentHops = Math.min(this.#silentHops + 1, this.maxOnsetHops);
    this.#evidence = active ? this.#evidence + 1 : Math.max(0, this.#evidence - 1);
    if (this.#evidence < this.#confirmHops) return 0;
    this.#hangOver = this.#hangOverHops;
    return this.#silentHops;
  }

  /** Forgets everything heard. */
  reset(): void {
    this.#noise.reset();
    this.#hops = 0;
    this.#evidence = 0;
    this.#hangOver = 0;
    this.#silentHops = 0;
  }

  #isActive(logMel: Float32Array): boolean {
    const smoothed = this.#smoothed;
    const first = this.#firstBand;
    const bands = smoothed.length;
    let heard = 0;
    for (let band = 0; band < bands; band++) heard += logMel[first + band];
    // Digital silence (DTX, mute) says nothing about the noise of the room, so it must not become the floor.
    if (heard <= this.#nothing) return false;
    const keep = this.#hops === 0 ? 0 : 1 - smoothing;
    for (let band = 0; band < bands; band++) {
      smoothed[band] = keep * smoothed[band] + (1 - keep) * logMel[first + band];
    }
    const minima = this.#noise.push(smoothed);
    this.#hops++;
    const ceiling = this.#hops <= this.#presumedHops ? presumedLogNoise : Number.POSITIVE_INFINITY;
    let rise = 0;
    let level = 0;
    for (let band = 0; band < bands; band++) {
      const noise = Math.min(minima[band] + minimumBias, ceiling);
      level += smoothed[band];
      rise += Math.max(0, smoothed[band] - noise);
    }
    if (level < audibleLogEnergy * bands) return false;
    const threshold = this.#hangOver > 0 ? offsetDb : onsetDb;
    return (decibelsPerNeper * rise) / bands > threshold;
  }
}

/** The band whose centre is nearest to `hz` on the mel scale. */
function nearestBand(mfcc: MfccOptions, hz: number): number {
  const mel = (f: number) => Math.log(1 + f / 700);
  const position = (mel(hz) - mel(mfcc.lowHz)) / (mel(mfcc.highHz) - mel(mfcc.lowHz));
  return Math.min(mfcc.melBands - 1, Math.max(0, Math.round(position * (mfcc.melBands + 1)) - 1));
}
