import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { featureSpecSchema } from '../features/feature-spec.ts';
import { descriptorNames } from '../features/frame-measures.ts';
import { SpeakerFeatures } from '../features/speaker-features.ts';
import { noPreprocessing } from '../preprocessing/preprocessing.ts';
import { ClipStepper } from './clip-stepper.ts';
import { extractFrames } from './extract-frames.ts';
import { FeatureCache } from './feature-cache.ts';
import { plainSource } from './feature-source.ts';
import type { SpeechFrames } from './speech-frames.ts';
import { mfccOf, trainedFeatureSpec } from './trained-feature-spec.ts';
import type { TrainingClip } from './training-clip.ts';
import { trainingConfigs } from './training-configs.ts';
import { callEffects } from './waveform-options.ts';

const sentences = ['08a02Wc', '11a02Nc', '11b09Fd'].map((name) =>
  fileURLToPath(new URL(`../../../../test/fixtures/speech/${name}.wav`, import.meta.url)),
);

/** The cache rounds pitch, and the log mel energies that MFCC are then computed from, to float32; live audio does not. */
const tolerance = 5e-6;

const switches = fc.record({
  spectrum: fc.constantFrom('mfcc' as const, 'log-mel' as const),
  melBands: fc.constantFrom(24, 40),
  coefficients: fc.integer({ min: 1, max: 24 }),
  framesPerStep: fc.integer({ min: 1, max: 6 }),
  contextFrames: fc.integer({ min: 0, max: 9 }),
  priorFrames: fc.constantFrom(50, 300),
  memoryFrames: fc.constantFrom(100, 3_000),
  pitch: fc.boolean(),
  deltas: fc.constantFrom(0 as const, 1 as const, 2 as const),
  descriptors: fc.uniqueArray(fc.constantFrom(...descriptorNames)),
});

const neutral = (file: string, frames: SpeechFrames): TrainingClip => ({
  clip: { file, dataset: 'a', speaker: 's', gender: 'female', language: 'de', label: 'neutral' },
  frames,
  variants: [],
});

describe('the steps of training', () => {
  let folder: string;
  let samples: Int16Array[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steps-'));
    samples = await Promise.all(sentences.map((file) => readSpeech(file)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of live audio, 20 ms at a time, whatever the features', async () => {
    await fc.assert(
      fc.asyncProperty(switches, async (features) => {
        const cache = new FeatureCache(
          folder,
          mfccOf(features),
          callEffects,
          noPreprocessing,
          features.descriptors.length > 0,
        );
        const clips: TrainingClip[] = [];
        for (const file of sentences) clips.push(neutral(file, await cache.frames(plainSource(file))));
        const spec = featureSpecSchema.parse(trainedFeatureSpec(features, clips));
        const stepper = new ClipStepper(spec);
        for (const [i, { frames }] of clips.entries()) {
          const trained = stepper.steps(frames);
          const live: number[] = [];
          const speaker = new SpeakerFeatures(spec);
          for (let at = 0; at < samples[i].length; at += 320) {
            speaker.push(samples[i].subarray(at, at + 320), {
              step: (step, speech) => {
                if (speech) live.push(...step);
              },
            });
          }
          expect(trained.length).toBeGreaterThan(0);
          expect(trained).toHaveLength(live.length);
          const furthest = live.reduce((max, value, k) => Math.max(max, Math.abs(value - trained[k])), 0);
          expect(furthest).toBeLessThanOrEqual(tolerance);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('need the waveform’s descriptors where the model is given some', () => {
    const [{ features: usual }] = trainingConfigs;
    const features = { ...usual, descriptors: ['energy' as const] };
    const frames = extractFrames(samples[0], mfccOf(features), true);
    const stepper = new ClipStepper(trainedFeatureSpec(features, [neutral(sentences[0], frames)]));
    expect(stepper.steps(frames).length).toBeGreaterThan(0);
    expect(() => stepper.steps({ ...frames, waveform: null })).toThrow(/extract the clip/);
  });
});
