import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { type AugmentationOptions, augment } from './augmentation.ts';
import type { SpeechFrames } from './speech-frames.ts';

const none: AugmentationOptions = {
  gainDb: 0,
  noiseShare: 0,
  noiseSnrDb: [10, 40],
  channelTilt: 0,
  vocalTract: 0,
  pitch: 0,
  tempo: 0,
  maskBands: 0,
  maskFrames: 0,
};
const bands = 12;
const frames = 50;

/** A ridge of energy in one band, speech in the second half. */
function clip(): SpeechFrames {
  const logMel = Float32Array.from({ length: frames * bands }, (_, i) => 1 - ((i % bands) - 5) ** 2);
  const pitch = Float32Array.from({ length: 2 * frames }, (_, i) => (i % 2 === 0 ? Math.log(150) : 0.9));
  return { bands, logMel, pitch, speech: Uint8Array.from({ length: frames }, (_, i) => (i < 25 ? 0 : 1)) };
}

describe('augmentation', () => {
  it('changes nothing when everything is switched off, and never the clip itself', () => {
    const original = clip();
    expect(augment(original, none, new SeededRandom(1))).toEqual(clip());
    augment(original, { ...none, gainDb: 10, noiseShare: 1, maskBands: 4 }, new SeededRandom(1));
    expect(original).toEqual(clip());
  });

  it('is the same for the same seed', () => {
    const options = {
      ...none,
      gainDb: 6,
      noiseShare: 1,
      channelTilt: 1,
      vocalTract: 0.1,
      tempo: 0.1,
      maskBands: 3,
    };
    expect(augment(clip(), options, new SeededRandom(4))).toEqual(
      augment(clip(), options, new SeededRandom(4)),
    );
  });

  it('adds the gain to every band', () => {
    const { logMel } = augment(clip(), { ...none, gainDb: 6 }, new SeededRandom(2));
    const shift = logMel[0] - clip().logMel[0];
    expect(Math.abs(shift)).toBeGreaterThan(0);
    expect(Math.abs(shift)).toBeLessThanOrEqual((6 * Math.LN10) / 10);
    for (const [i, value] of clip().logMel.entries()) expect(logMel[i]).toBeCloseTo(value + shift, 4);
  });

  it('raises what lies below the noise floor and leaves what stands out', () => {
    const { logMel, pitch } = augment(
      clip(),
      { ...none, noiseShare: 1, noiseSnrDb: [0, 0] },
      new SeededRandom(3),
    );
    expect(logMel[0]).toBeGreaterThan(clip().logMel[0] + 5);
    expect(logMel[5]).toBeCloseTo(clip().logMel[5], 2);
    expect(pitch[1]).toBeLessThan(0.5);
    expect(pitch[0]).toBe(clip().pitch[0]);
  });

  it('stretches frames and voice activity together', () => {
    const { speech, logMel } = augment(clip(), { ...none, tempo: 0.2 }, new SeededRandom(5));
    expect(speech.length).not.toBe(frames);
    expect(logMel).toHaveLength(speech.length * bands);
    const onset = speech.indexOf(1) / speech.length;
    expect(onset).toBeGreaterThan(0.45);
    expect(onset).toBeLessThan(0.55);
  });

  it('moves every pitch alike', () => {
    const { pitch } = augment(clip(), { ...none, pitch: 0.3 }, new SeededRandom(4));
    const shift = pitch[0] - clip().pitch[0];
    expect(Math.abs(shift)).toBeGreaterThan(0.01);
    expect(Math.abs(shift)).toBeLessThan(0.3);
    expect(pitch[2 * frames - 2]).toBe(pitch[0]);
    expect(pitch[1]).toBe(clip().pitch[1]);
  });
});
