import { defaultMfccOptions } from '@undertone/dsp';
import { describe, expect, it } from 'vitest';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { type EmotionLabel, emotionLabels } from '../model/emotion-label.ts';
import { SeededRandom } from '../seeded-random.ts';
import { BatchBuilder } from './batch-builder.ts';
import type { TrainingClip } from './training-clip.ts';
import { noVariants } from './waveform-options.ts';

const coefficients = 3;
const spec: FeatureSpec = {
  rules: 1,
  mfcc: {
    ...defaultMfccOptions,
    coefficients,
    sampleRateHz: 16_000,
    windowSamples: 400,
    hopSamples: 160,
    fftSize: 512,
    melBands: 8,
  },
  framesPerStep: 4,
  normalisation: { mean: [0, 0, 0], deviation: [1, 1, 1], priorFrames: 50, memoryFrames: 500 },
};
const none = {
  gainDb: 0,
  noiseShare: 0,
  noiseSnrDb: [10, 40] as [number, number],
  channelTilt: 0,
  vocalTract: 0,
  pitch: 0,
  tempo: 0,
  maskBands: 0,
  maskFrames: 0,
  bandMasks: 1,
  timeMasks: 1,
};

function clip(label: EmotionLabel, dataset: string, frames: number, speech = 1): TrainingClip {
  return {
    clip: { file: '', dataset, speaker: 's', gender: 'female', language: 'en', label },
    frames: {
      bands: 8,
      logMel: new Float32Array(frames * 8).fill(1),
      pitch: new Float32Array(2 * frames),
      waveform: null,
      speech: new Uint8Array(frames).fill(speech),
    },
    variants: [],
  };
}

const options = {
  batchClips: 8,
  momentsPerClip: 1,
  clipsPerEpoch: {},
  maxSpeechFrames: 1_000,
  competingLabels: [],
  classWeights: 'balanced' as const,
  effectiveNumberBeta: 0.99,
  labelSmoothing: 0,
  distillation: null,
  mixup: { alpha: 0, share: 0 },
  waveform: noVariants,
  acquaintance: { share: 0, frames: 3_000 },
  augmentation: none,
};

const row = (values: ArrayLike<number>, index: number, width: number) =>
  Array.from({ length: width }, (_, i) => values[index * width + i]);

describe('training batches', () => {
  it('weigh rare classes up, so that every class counts the same', () => {
    const clips = [
      clip('happy', 'a', 80),
      clip('happy', 'a', 80),
      clip('happy', 'a', 80),
      clip('sad', 'a', 80),
    ];
    const [batch] = new BatchBuilder(spec, emotionLabels, clips, options).plain(clips);
    expect([...batch.weights].map((weight) => weight.toFixed(3))).toEqual([
      '0.667',
      '0.667',
      '0.667',
      '2.000',
    ]);
  });

  it('let only the classes of a clip’s own corpus compete, and those that no corpus has', () => {
    const clips = [clip('happy', 'a', 80), clip('sad', 'b', 80)];
    const [batch] = new BatchBuilder(spec, emotionLabels, clips, options).plain(clips);
    const mask = (index: number, label: EmotionLabel) =>
      row(batch.classMask, index, 8)[emotionLabels.indexOf(label)];
    expect([mask(0, 'happy'), mask(0, 'sad'), mask(0, 'calm')]).toEqual([1, 0, 1]);
    expect([mask(1, 'happy'), mask(1, 'sad'), mask(1, 'calm')]).toEqual([0, 1, 1]);
  });

  it('judge each clip at its last step, and before that from 0.4 s of speech on', () => {
    const clips = [clip('happy', 'a', 200), clip('sad', 'a', 80)];
    const [plain] = new BatchBuilder(spec, emotionLabels, clips, { ...options, momentsPerClip: 4 }).plain(
      clips,
    );
    expect(plain.steps).toBe(50);
    expect(row(plain.momentSteps, 0, 4)).toEqual([20, 30, 39, 49]);
    expect(row(plain.momentSteps, 1, 4)).toEqual([12, 15, 17, 19]);
    const builder = new BatchBuilder(spec, emotionLabels, clips, {
      ...options,
      batchClips: 1,
      momentsPerClip: 5,
    });
    for (const batch of builder.epoch(clips, new SeededRandom(1))) {
      expect(batch.momentSteps[4]).toBe(batch.steps - 1);
      expect(Math.min(...batch.momentSteps)).toBeGreaterThanOrEqual(10);
    }
  });

  it('give a clip without speech no weight', () => {
    const clips = [clip('happy', 'a', 80), clip('sad', 'a', 80, 0)];
    const [batch] = new BatchBuilder(spec, emotionLabels, clips, { ...options, momentsPerClip: 2 }).plain(
      clips,
    );
    expect(batch.weights[1]).toBe(0);
    expect(batch.weights[0]).toBeGreaterThan(0);
  });

  it('hold every clip once an epoch', () => {
    const labels = emotionLabels.slice(0, 7);
    const clips = labels.map((label, i) => clip(label, 'a', 60 + 10 * i));
    const builder = new BatchBuilder(spec, emotionLabels, clips, { ...options, batchClips: 3 });
    const seen = [...builder.epoch(clips, new SeededRandom(1))];
    expect(builder.batchesPerEpoch(clips)).toBe(3);
    expect(seen.map(({ clips: size }) => size).sort()).toEqual([1, 3, 3]);
    const decided = seen.flatMap(({ targets, clips: size }) =>
      Array.from({ length: size }, (_, b) => row(targets, b, 8).indexOf(1)),
    );
    expect(decided.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('draw as many clips of a corpus as asked, some twice where it has fewer', () => {
    const clips = [
      clip('happy', 'a', 80),
      clip('sad', 'a', 80),
      clip('happy', 'b', 80),
      clip('sad', 'b', 80),
    ];
    const builder = new BatchBuilder(spec, emotionLabels, clips, {
      ...options,
      clipsPerEpoch: { a: 1, b: 5 },
    });
    const [batch, ...more] = builder.epoch(clips, new SeededRandom(1));
    expect(more).toHaveLength(0);
    expect(batch.clips).toBe(6);
  });

  it('let a named class compete where a corpus lacks it', () => {
    const clips = [clip('calm', 'a', 80), clip('sad', 'b', 80)];
    const [batch] = new BatchBuilder(spec, emotionLabels, clips, {
      ...options,
      competingLabels: ['calm'],
    }).plain(clips);
    expect(batch.classMask[8 + emotionLabels.indexOf('calm')]).toBe(1);
    expect(batch.classMask[emotionLabels.indexOf('sad')]).toBe(0);
  });

  it('cut long clips to so many frames of speech', () => {
    const clips = [clip('happy', 'a', 400)];
    const builder = new BatchBuilder(spec, emotionLabels, clips, { ...options, maxSpeechFrames: 100 });
    const [batch] = builder.epoch(clips, new SeededRandom(1));
    expect(batch.steps).toBe(25);
  });

  it('hear a clip’s variants as often as asked, each as often as the others', () => {
    const variant = (value: number) => {
      const { frames } = clip('happy', 'a', 80);
      return { ...frames, logMel: frames.logMel.map((_, i) => (i % 8 === 0 ? value : 1)) };
    };
    const clips = Array.from({ length: 400 }, () => ({
      ...clip('happy', 'a', 80),
      variants: [variant(2), variant(3)],
    }));
    const builder = new BatchBuilder(spec, emotionLabels, clips, {
      ...options,
      batchClips: 1,
      waveform: { ...noVariants, share: 0.6 },
    });
    const [asIs] = builder.plain(clips.slice(0, 1));
    const heard = new Map([[asIs.features[0], 0]]);
    for (const { features } of builder.epoch(clips, new SeededRandom(1))) {
      heard.set(features[0], (heard.get(features[0]) ?? 0) + 1);
    }
    const shares = Array.from(heard.values(), (count) => count / clips.length);
    expect(shares).toEqual([expect.closeTo(0.4, 1), expect.closeTo(0.3, 1), expect.closeTo(0.3, 1)]);
  });
});
