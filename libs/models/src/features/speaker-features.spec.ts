import { defaultMfccOptions } from '@undertone/dsp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { type FeatureSpec, stepFeatureCount } from './feature-spec.ts';
import { SpeakerFeatures } from './speaker-features.ts';

const coefficients = 6;
const spec: FeatureSpec = {
  rules: 1,
  mfcc: {
    ...defaultMfccOptions,
    coefficients,
    sampleRateHz: 16_000,
    windowSamples: 400,
    hopSamples: 160,
    fftSize: 512,
  },
  pitch: { meanLogHz: Math.log(160), priorFrames: 50, memoryFrames: 500 },
  framesPerStep: 4,
  normalisation: {
    mean: new Array(coefficients).fill(0),
    deviation: new Array(coefficients).fill(2),
    priorFrames: 50,
    memoryFrames: 500,
  },
};

/** Near silence, then a buzz of 150 Hz that swells and falls three times a second like syllables. */
const speechLike = (() => {
  const random = new SeededRandom(1);
  return Int16Array.from({ length: 24_000 }, (_, i) => {
    const noise = 10 * random.normal();
    if (i < 8_000) return noise;
    const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * 3 * i) / 16_000);
    return noise + swell * (8_000 - ((150 * i) % 16_000));
  });
})();

function stepsOf(
  features: SpeakerFeatures,
  chunks: Iterable<Int16Array>,
): { speech: boolean[]; values: number[] } {
  const speech: boolean[] = [];
  const values: number[] = [];
  for (const chunk of chunks) {
    features.push(chunk, {
      step: (stepFeatures, isSpeech) => {
        speech.push(isSpeech);
        values.push(...stepFeatures);
      },
    });
  }
  return { speech, values };
}

describe('a speaker’s features', () => {
  const whole = stepsOf(new SpeakerFeatures(spec), [speechLike]);

  it('are the same whatever the sizes of the chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1 }), (sizes) => {
        const chunks: Int16Array[] = [];
        for (let at = 0, i = 0; at < speechLike.length; at += sizes[i++ % sizes.length]) {
          chunks.push(speechLike.subarray(at, at + sizes[i % sizes.length]));
        }
        const covered = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        fc.pre(covered === speechLike.length);
        expect(stepsOf(new SpeakerFeatures(spec), chunks)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('count time: one step for every 40 ms, silent or not', () => {
    const frames = Math.floor((speechLike.length - 400) / 160) + 1;
    expect(whole.speech).toHaveLength(Math.floor(frames / 4));
    expect(whole.values).toHaveLength(whole.speech.length * stepFeatureCount(spec));
  });

  it('mark silence and speech', () => {
    expect(whole.speech.slice(0, 11)).not.toContain(true);
    expect(whole.speech.slice(-15).filter((speech) => speech).length).toBeGreaterThan(10);
  });

  it('hold the pitch where there is voice', () => {
    const { coefficients } = spec.mfcc;
    const F = stepFeatureCount(spec);
    const logHz = Array.from(
      { length: 10 },
      (_, k) => whole.values[(whole.speech.length - 1 - k) * F + coefficients + 1] * 0.35 + Math.log(160),
    );
    expect(Math.exp(Math.max(...logHz))).toBeCloseTo(150, -1);
  });

  it('start anew after a reset', () => {
    const features = new SpeakerFeatures(spec);
    stepsOf(features, [speechLike.subarray(0, 20_123)]);
    features.reset();
    expect(stepsOf(features, [speechLike])).toEqual(whole);
  });
});
