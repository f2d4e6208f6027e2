import type { SeededRandom } from '../seeded-random.ts';
import { FollowSpectrum } from './follow-spectrum.ts';
import { type SpeechFrames, speechMeans } from './speech-frames.ts';
import { VoiceVariation } from './voice-variation.ts';

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

/**
 * A varied copy of `clip`.
 * @param earlier frames of the same voice on the same line, varied alike in place: neither shortened nor masked
 */
export function augment(
  clip: SpeechFrames,
  options: AugmentationOptions,
  random: SeededRandom,
  earlier: SpeechFrames | null = null,
): SpeechFrames {
  const varied = stretchTempo(clip, 1 + options.tempo * random.between(-1, 1));
  const variation = new VoiceVariation(varied, options, random);
  vary(varied, variation, random, options);
  if (earlier !== null) vary(earlier, variation, random, null);
  return varied;
}

/** @param masks null for none */
function vary(
  frames: SpeechFrames,
  variation: VoiceVariation,
  random: SeededRandom,
  masks: AugmentationOptions | null,
): void {
  const original = frames.waveform === null ? null : frames.logMel.slice();
  variation.apply(frames, random);
  if (masks !== null) mask(frames, masks, random);
  if (original !== null) new FollowSpectrum(frames.bands).apply(original, frames, variation.gain);
}

/** Replaces random bands, and random stretches of time, by the clip's mean; a stretch loses its voicing too. */
function mask(
  clip: SpeechFrames,
  { maskBands, maskFrames, bandMasks, timeMasks }: AugmentationOptions,
  random: SeededRandom,
): void {
  const { bands, logMel, pitch, speech } = clip;
  const means = speechMeans(clip);
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
