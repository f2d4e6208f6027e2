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
  bandMasks: 1,
  timeMasks: 1,
};
const bands = 12;
const frames = 50;

/** A ridge of energy in one band, speech in the second half. */
function clip(): SpeechFrames {
  const logMel = Float32Array.from({ length: frames * bands }, (_, i) => 1 - ((i % bands) - 5) ** 2);
  const pitch = Float32Array.from({ length: 2 * frames }, (_, i) => (i % 2 === 0 ? Math.log(150) : 0.9));
  const waveform = Float32Array.from({ length: 3 * frames }, (_, i) => [12, 7, 0.1][i % 3]);
  const speech = Uint8Array.from({ length: frames }, (_, i) => (i < 25 ? 0 : 1));
  return { bands, logMel, pitch, waveform, speech };
}

describe('augmentation', () => {
  it('changes nothing when everything is switched off, and never the clip itself', () => {
    const original = clip();
    expect(augment(original, none, new SeededRandom(1))).toEqual(clip());
    augment(original, { ...none, gainDb: 10, noiseShare: 1, maskBands: 4 }, new SeededRandom(1));
    expect(original).toEqual(clip());
  });

  it('gives earlier speech the same voice and line, whole', () => {
    const options = {
      ...none,
      gainDb: 12,
      channelTilt: 1,
      vocalTract: 0.2,
      pitch: 0.3,
      maskBands: 12,
      maskFrames: 40,
    };
    const earlier = clip();
    augment(clip(), options, new SeededRandom(8), earlier);
    const unmasked = augment(clip(), { ...options, maskBands: 0, maskFrames: 0 }, new SeededRandom(8));
    expect(earlier).toEqual(unmasked);
    expect(earlier.logMel).not.toEqual(clip().logMel);
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
    const { logMel, waveform } = augment(clip(), { ...none, gainDb: 6 }, new SeededRandom(2));
    const shift = logMel[0] - clip().logMel[0];
    expect(Math.abs(shift)).toBeGreaterThan(0);
    expect(Math.abs(shift)).toBeLessThanOrEqual((6 * Math.LN10) / 10);
    for (const [i, value] of clip().logMel.entries()) expect(logMel[i]).toBeCloseTo(value + shift, 4);
    const [energy, peak, zeroCrossings] = waveform!;
    expect(energy).toBeCloseTo(12 + shift, 4);
    expect(peak).toBeCloseTo(7 + shift / 2, 4);
    expect(zeroCrossings).toBeCloseTo(0.1, 5);
  });

  it('raises what lies below the noise floor and leaves what stands out', () => {
    const { logMel, pitch, waveform } = augment(
      clip(),
      { ...none, noiseShare: 1, noiseSnrDb: [0, 0] },
      new SeededRandom(3),
    );
    expect(logMel[0]).toBeGreaterThan(clip().logMel[0] + 5);
    expect(logMel[5]).toBeCloseTo(clip().logMel[5], 2);
    expect(pitch[1]).toBeLessThan(0.5);
    expect(waveform![0]).toBeGreaterThan(12);
    expect(pitch[0]).toBe(clip().pitch[0]);
  });

  it('stretches frames and voice activity together', () => {
    const { speech, logMel, waveform } = augment(clip(), { ...none, tempo: 0.2 }, new SeededRandom(5));
    expect(speech.length).not.toBe(frames);
    expect(logMel).toHaveLength(speech.length * bands);
    expect(waveform).toHaveLength(speech.length * 3);
    const onset = speech.indexOf(1) / speech.length;
    expect(onset).toBeGreaterThan(0.45);
    expect(onset).toBeLessThan(0.55);
  });

  it('leaves the waveform out where there is none', () => {
    const { waveform } = augment({ ...clip(), waveform: null }, { ...none, gainDb: 6 }, new SeededRandom(2));
    expect(waveform).toBeNull();
  });

  it('moves every pitch alike', () => {
    const { pitch } = augment(clip(), { ...none, pitch: 0.3 }, new SeededRandom(4));
    const shift = pitch[0] - clip().pitch[0];
    expect(Math.abs(shift)).toBeGreaterThan(0.01);
    expect(Math.abs(shift)).toBeLessThan(0.3);
    expect(pitch[2 * frames - 2]).toBe(pitch[0]);
    expect(pitch[1]).toBe(clip().pitch[1]);
  });

  it('masks as many bands and stretches of time as asked for, by the mean of the speech', () => {
    const random = new SeededRandom(6);
    const original = clip();
    original.logMel.forEach((_, i, logMel) => {
      logMel[i] = random.normal();
    });
    const masked = (options: Partial<AugmentationOptions>) => {
      const varied = augment(original, { ...none, ...options }, new SeededRandom(8));
      const changed = (frame: number, band: number) =>
        varied.logMel[frame * bands + band] !== original.logMel[frame * bands + band];
      const index = (length: number) => Array.from({ length }, (_, i) => i);
      const wholeBands = index(bands).filter((b) => index(frames).every((frame) => changed(frame, b)));
      const wholeFrames = index(frames).filter((frame) => index(bands).every((b) => changed(frame, b)));
      return { varied, bands: wholeBands, frames: wholeFrames };
    };
    const once = masked({ maskBands: 2 });
    expect(once.bands.length).toBeLessThanOrEqual(2);
    const often = masked({ maskBands: 2, bandMasks: 20 });
    expect(often.bands.length).toBeGreaterThan(6);
    const [band] = often.bands;
    let mean = 0;
    for (let frame = 25; frame < frames; frame++) mean += original.logMel[frame * bands + band] / 25;
    expect(often.varied.logMel[band]).toBeCloseTo(mean, 5);

    const time = masked({ maskFrames: 5, timeMasks: 8 });
    expect(time.bands).toHaveLength(0);
    expect(time.frames.length).toBeGreaterThan(5);
    for (let frame = 0; frame < frames; frame++) {
      expect(time.varied.pitch[2 * frame + 1] === 0).toBe(time.frames.includes(frame));
    }
  });
});
