import { filtered } from './biquad.ts';
import { kWeighting } from './k-weighting.ts';

/** Full scale of a 997 Hz sine in one channel reads −3.01 LUFS with it. */
const offsetDb = -0.691;
const blockMs = 400;
/** A new block every quarter of one. */
const blockHopMs = 100;
const absoluteGateLufs = -70;
/** Below the mean of what passes the absolute gate. */
const relativeGateLu = -10;
/** Peaks are left at this or below: louder would be clipped. */
const maxPeakDbfs = -1;

/**
 * Integrated loudness of one channel of samples of −1…1, after ITU-R BS.1770-4 (the loudness of EBU R 128): K-weighted mean square
 * of 400 ms blocks that overlap by three quarters, gated at −70 LUFS and at 10 LU below what remains. A recording
 * shorter than a block is one block. −∞ where nothing passes the gate.
 */
export function integratedLoudnessLufs(samples: Float32Array, sampleRateHz: number): number {
  const weighted = filtered(samples, kWeighting(sampleRateHz));
  const blockSamples = Math.min(Math.round((blockMs * sampleRateHz) / 1_000), samples.length);
  const hopSamples = Math.round((blockHopMs * sampleRateHz) / 1_000);
  const powers: number[] = [];
  for (let at = 0; blockSamples > 0 && at + blockSamples <= weighted.length; at += hopSamples) {
    let sum = 0;
    for (let i = at; i < at + blockSamples; i++) sum += weighted[i] * weighted[i];
    powers.push(sum / blockSamples);
  }
  const audible = powers.filter((power) => lufs(power) > absoluteGateLufs);
  const relativeGateLufs = lufs(mean(audible)) + relativeGateLu;
  return lufs(mean(audible.filter((power) => lufs(power) > relativeGateLufs)));
}

/**
 * `samples` of −1…1 brought to `targetLufs`, or as near as their peak allows: it is left 1 dB below full scale. What has no loudness
 * is returned as it is.
 */
export function atLoudness(samples: Float32Array, targetLufs: number, sampleRateHz: number): Float32Array {
  const loudnessLufs = integratedLoudnessLufs(samples, sampleRateHz);
  if (loudnessLufs === Number.NEGATIVE_INFINITY) return samples;
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const gain = Math.min(10 ** ((targetLufs - loudnessLufs) / 20), 10 ** (maxPeakDbfs / 20) / peak);
  return samples.map((sample) => gain * sample);
}

const lufs = (power: number): number => offsetDb + 10 * Math.log10(power);

const mean = (powers: readonly number[]): number =>
  powers.reduce((sum, power) => sum + power, 0) / Math.max(1, powers.length);
