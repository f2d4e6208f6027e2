import type { SeededRandom } from '../seeded-random.ts';
import type { AugmentationOptions } from './augmentation.ts';
import { type SpeechFrames, speechMeans } from './speech-frames.ts';

/** ln(1 + e⁻ˣ) at x = i / 256: read in between it is off by less than 1e-6. */
const tableScale = 256;
const softplus = Float64Array.from({ length: 16 * tableScale + 2 }, (_, i) =>
  Math.log1p(Math.exp(-i / tableScale)),
);

const nepersPerDb = Math.LN10 / 10;
/** Shapes of the smooth tilt: half-cosines over the bands. */
const tiltTerms = 4;

interface Noise {
  /** Mean log mel energy. */
  level: number;
  /** Rise over all bands. */
  slope: number;
}

/** Another voice on another line: what stays the same as long as one person speaks, and so fits earlier speech as well. */
export class VoiceVariation {
  /** Nepers of power. */
  readonly gain: number;
  readonly #vocalTract: number;
  readonly #pitchShift: number;
  /** [bands] added to the log energies: gain and frequency response. */
  readonly #response: Float64Array;
  readonly #noise: Noise | null;

  /** @param clip decides the level of noise */
  constructor(clip: SpeechFrames, options: AugmentationOptions, random: SeededRandom) {
    const { bands } = clip;
    this.#vocalTract = 1 + options.vocalTract * random.between(-1, 1);
    this.#pitchShift = options.pitch * random.between(-1, 1);
    this.gain = options.gainDb * nepersPerDb * random.between(-1, 1);
    this.#response = new Float64Array(bands).fill(this.gain);
    for (let term = 1; term <= tiltTerms; term++) {
      const size = (options.channelTilt / term) * random.normal();
      for (let b = 0; b < bands; b++) {
        this.#response[b] += size * Math.cos((Math.PI * term * (b + 0.5)) / bands);
      }
    }
    if (random.next() >= options.noiseShare) {
      this.#noise = null;
    } else {
      const speech = speechMeans(clip).reduce((sum, value, b) => sum + value + this.#response[b], 0) / bands;
      const level = speech - nepersPerDb * random.between(...options.noiseSnrDb);
      this.#noise = { level, slope: random.between(-2, 2) };
    }
  }

  /** Changes log mel energies, pitch and voicing in place. */
  apply({ bands, logMel, pitch }: SpeechFrames, random: SeededRandom): void {
    warpBands(logMel, bands, this.#vocalTract);
    for (let at = 0; at < pitch.length; at += 2) pitch[at] += this.#pitchShift;
    for (let at = 0; at < logMel.length; at += bands) {
      for (let b = 0; b < bands; b++) logMel[at + b] += this.#response[b];
    }
    if (this.#noise !== null) addNoise(logMel, pitch, bands, this.#noise, random);
  }
}

/** Moves every formant by `factor`, reading between bands; at these widths the mel axis is close to logarithmic. */
function warpBands(logMel: Float32Array, bands: number, factor: number): void {
  if (factor === 1) return;
  const before = new Uint8Array(bands);
  const shares = new Float32Array(bands);
  for (let b = 0; b < bands; b++) {
    const position = Math.min(bands - 1, (b + 1) * factor - 1);
    before[b] = Math.min(bands - 2, Math.max(0, Math.floor(position)));
    shares[b] = Math.max(0, position - before[b]);
  }
  const row = new Float32Array(bands);
  for (let at = 0; at < logMel.length; at += bands) {
    for (let b = 0; b < bands; b++) row[b] = logMel[at + b];
    for (let b = 0; b < bands; b++) {
      const low = row[before[b]];
      logMel[at + b] = low + shares[b] * (row[before[b] + 1] - low);
    }
  }
}

/** Adds noise energies; they cover voicing as well. */
function addNoise(
  logMel: Float32Array,
  pitch: Float32Array,
  bands: number,
  { level, slope }: Noise,
  random: SeededRandom,
): void {
  const voicedBands = bands >> 1;
  for (let at = 0, frame = 0; at < logMel.length; at += bands, frame++) {
    let covered = 0;
    for (let b = 0; b < bands; b++) {
      const noise = level + slope * (b / bands - 0.5) + random.between(-0.8, 0.8);
      const speechEnergy = logMel[at + b];
      logMel[at + b] = logSumExp(noise, speechEnergy);
      if (b < voicedBands) covered += logMel[at + b] - speechEnergy;
    }
    // Correlation falls by the share that noise has in the energy.
    pitch[2 * frame + 1] *= Math.exp(-covered / voicedBands);
  }
}

/** ln(eᵃ + eᵇ) */
function logSumExp(a: number, b: number): number {
  const larger = Math.max(a, b);
  const position = tableScale * Math.abs(a - b);
  if (position >= 16 * tableScale) return larger;
  const index = position | 0;
  const low = softplus[index];
  return larger + low + (position - index) * (softplus[index + 1] - low);
}
