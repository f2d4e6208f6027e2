import { expect, it } from 'vitest';
import type { JudgedClip } from './judged-clip.ts';
import { calibrationError, reliabilityBins } from './reliability.ts';

const clip = (confidence: number | null, right: boolean): JudgedClip => ({
  file: '',
  speaker: '',
  dataset: '',
  gender: '',
  seconds: 1,
  label: right ? 0 : 1,
  probabilities: confidence === null ? null : Float32Array.of(confidence, 1 - confidence),
});

it('counts how often each confidence is right, and leaves out bins and clips that have no answer', () => {
  const clips = [clip(0.75, true), clip(0.75, false), clip(0.99, true), clip(1, true), clip(null, false)];
  const bins = reliabilityBins(clips);
  expect(bins.map(({ clips: count }) => count)).toEqual([2, 2]);
  expect(bins[0].confidence).toBeCloseTo(0.75, 6);
  expect(bins[0].accuracy).toBe(0.5);
  expect(bins[1].confidence).toBeCloseTo(0.995, 6);
  expect(bins[1].accuracy).toBe(1);
  expect(calibrationError(bins)).toBeCloseTo((2 * 0.25 + 2 * 0.005) / 4, 6);
});

it('finds no error where nothing was answered', () => {
  expect(calibrationError(reliabilityBins([clip(null, false)]))).toBe(0);
});
