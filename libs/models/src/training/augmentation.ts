import type { SeededRandom } from '../seeded-random.ts';
import { FollowSpectrum } from './follow-spectrum.ts';
import type { SpeechFrames } from './speech-frames.ts';

/**
 * How far clips are varied in training; 0 switches a variation off. All work on log mel energies, so they cost little;
 * energy, peak and zero crossings of the waveform follow, see `FollowSpectrum`.
 */
export interface AugmentationOptions {
  /** Level, ± dB. */
  gainDb: number;
  /** Share of clips that get a noise floor. */
  noiseShare: number;
  /** Noise below the clip's speech level, dB: lowest and highest. */
  noiseSnrDb: [number, number];
  /** Frequency response of another microphone: deviation of a smooth tilt, nepers. */
  channelTilt: number;
  /** Vocal-tract length, ± share (Jaitly & Hinton 2013). */
  vocalTract: number;
  /** Pitch, ± this much of its logarithm. */
  pitch: number;
  /** Tempo, ± share. */
  tempo: number;
  /** Widest band mask, in mel bands, and longest time mask, in frames (SpecAugment, Park et al. 2019). */
  maskBands: number;
  maskFrames: number;
  /** How many masks of each kind. */
  bandMasks: number;
  timeMasks: number;
}

/** ln(1 + e⁻ˣ) at x = i / 256: read in between it is off by less than 1e-6. */
const tableScale = 256;
const softplus = Float64Array.from({ length: 16 * tableScale + 2 }, (_, i) =>
  Math.log1p(Math.exp(-i / tableScale)),
);

const nepersPerDb = Math.LN10 / 10;
/** Shapes of the smooth tilt: half-cosines over the bands. */
const tiltTerms = 4;

/** A varied copy of `clip`. */
export function augment(
  clip: SpeechFrames,
  options: AugmentationOptions,
  random: SeededRandom,
): SpeechFrames {
  const { bands } = clip;
  const varied = stretchTempo(clip, 1 + options.tempo * random.between(-1, 1));
  const { logMel, pitch } = varied;
  const original = varied.waveform === null ? null : logMel.slice();
  warpBands(logMel, bands, 1 + options.vocalTract * random.between(-1, 1));

  const pitchShift = options.pitch * random.between(-1, 1);
  for (let at = 0; at < pitch.length; at += 2) pitch[at] += pitchShift;

  const gain = options.gainDb * nepersPerDb * random.between(-1, 1);
  const shift = new Float64Array(bands).fill(gain);
  for (let term = 1; term <= tiltTerms; term++) {
    const size = (options.channelTilt / term) * random.normal();
    for (let b = 0; b < bands; b++) shift[b] += size * Math.cos((Math.PI * term * (b + 0.5)) / bands);
  }
  for (let at = 0; at < logMel.length; at += bands) {
    for (let b = 0; b < bands; b++) logMel[at + b] += shift[b];
  }
  const means = speechMeans(varied);
  if (random.next() < options.noiseShare) {
    addNoise(varied, means, random.between(...options.noiseSnrDb), random);
  }
  mask(varied, means, options, random);
  if (original !== null) new FollowSpectrum(bands).apply(original, varied, gain);
  return varied;
}

/** Replaces random bands, and random stretches of time, by the clip's mean; a stretch loses its voicing too. */
function mask(
  { bands, logMel, pitch, speech }: SpeechFrames,
  means: Float32Array,
  { maskBands, maskFrames, bandMasks, timeMasks }: AugmentationOptions,
  random: SeededRandom,
): void {
  const frames = speech.length;
  if (maskBands > 0) {
    for (let k = 0; k < bandMasks; k++) {
      const width = random.integer(maskBands + 1);
      const first = random.integer(bands - width + 1);
      for (let at = first; at < logMel.length; at += bands) {
        for (let i = 0; i < width; i++) logMel[at + i] = means[first + i];
      }
    }
  }
  if (maskFrames > 0 && frames > maskFrames) {
    for (let k = 0; k < timeMasks; k++) {
      const length = random.integer(maskFrames + 1);
      const first = random.integer(frames - length + 1);
      for (let frame = first; frame < first + length; frame++) {
        logMel.set(means, frame * bands);
        pitch[2 * frame + 1] = 0;
      }
    }
  }
}

/** Resamples the sequence of frames: `factor` > 1 is slower. Always a copy. */
function stretchTempo(
  { bands, logMel, pitch, waveform, speech }: SpeechFrames,
  factor: number,
): SpeechFrames {
  const frames = Math.max(1, Math.round(speech.length * factor));
  const resultWaveform = waveform === null ? null : new Float32Array(3 * frames);
  const result = new Float32Array(frames * bands);
  const resultPitch = new Float32Array(2 * frames);
  const resultSpeech = new Uint8Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const position = Math.min(speech.length - 1, frame / factor);
    const before = Math.floor(position);
    const after = Math.min(speech.length - 1, before + 1);
    const share = position - before;
    const nearest = Math.round(position);
    resultSpeech[frame] = speech[nearest];
    resultPitch[2 * frame] = pitch[2 * nearest];
    resultPitch[2 * frame + 1] = pitch[2 * nearest + 1];
    for (let b = 0; b < bands; b++) {
      const low = logMel[before * bands + b];
      result[frame * bands + b] = low + share * (logMel[after * bands + b] - low);
    }
    if (waveform === null || resultWaveform === null) continue;
    for (let i = 0; i < 3; i++) {
      const low = waveform[3 * before + i];
      resultWaveform[3 * frame + i] = low + share * (waveform[3 * after + i] - low);
    }
  }
  return { bands, logMel: result, pitch: resultPitch, waveform: resultWaveform, speech: resultSpeech };
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

/** [bands] mean log energies of the speech frames. */
function speechMeans({ bands, logMel, speech }: SpeechFrames): Float32Array {
  const means = new Float64Array(bands);
  let count = 0;
  for (let frame = 0; frame < speech.length; frame++) {
    if (speech[frame] === 0) continue;
    count++;
    for (let b = 0; b < bands; b++) means[b] += logMel[frame * bands + b];
  }
  return Float32Array.from(means, (sum) => sum / Math.max(1, count));
}

/** Adds noise energies with a random spectral slope, `snrDb` below the mean speech level; it covers voicing as well. */
function addNoise(
  { bands, logMel, pitch }: SpeechFrames,
  means: Float32Array,
  snrDb: number,
  random: SeededRandom,
): void {
  const level = means.reduce((sum, value) => sum + value, 0) / bands - snrDb * nepersPerDb;
  const slope = random.between(-2, 2);
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
