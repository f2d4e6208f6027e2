import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultMfccOptions } from '@undertone/dsp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeatureSpec } from '../features/feature-spec.ts';
import { SpeakerFeatures } from '../features/speaker-features.ts';
import { SeededRandom } from '../seeded-random.ts';
import { ClipStepper } from './clip-stepper.ts';
import { FeatureCache } from './feature-cache.ts';
import { plainSource } from './feature-source.ts';
import { callEffects } from './waveform-options.ts';

const coefficients = 13;
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
  framesPerStep: 4,
  normalisation: {
    mean: new Array(coefficients).fill(-1),
    deviation: new Array(coefficients).fill(3),
    priorFrames: 50,
    memoryFrames: 500,
  },
};

/** Bursts of noise between pauses. */
function samples(): Int16Array {
  const random = new SeededRandom(9);
  return Int16Array.from(
    { length: 40_000 },
    (_, i) => (i % 16_000 < 6_000 ? 5 : 4_000) * random.between(-1, 1),
  );
}

function wav(data: Int16Array): Buffer {
  const header = Buffer.from(
    'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\0\0\0\x02\0\x10\0data',
    'latin1',
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.byteLength);
  return Buffer.concat([header, size, new Uint8Array(data.buffer)]);
}

describe('features for training', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'features-'));
    file = join(folder, 'clip.wav');
    await writeFile(file, wav(samples()));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are the numbers that live audio gives', async () => {
    const live: number[] = [];
    new SpeakerFeatures(spec).push(samples(), {
      step: (features, speech) => {
        if (speech) live.push(...features);
      },
    });
    const frames = await new FeatureCache(join(folder, 'cache'), spec.mfcc, callEffects).frames(
      plainSource(file),
    );
    const trained = new ClipStepper(spec).steps(frames);
    expect(trained.length).toBeGreaterThan(20 * 4 * coefficients);
    expect(trained).toHaveLength(live.length);
    for (const [i, value] of live.entries()) expect(trained[i]).toBeCloseTo(value, 4);
  });

  it('come back from the disk as they were, without the recording', async () => {
    const cache = () => new FeatureCache(join(folder, 'cache'), spec.mfcc, callEffects);
    const first = await cache().frames(plainSource(file));
    expect(await cache().frames(plainSource(file))).toEqual(first);
    expect(await readdir(join(folder, 'cache'))).toHaveLength(1);
  });

  it('are extracted again when the recording or the options change', async () => {
    const folders = async () => (await readdir(join(folder, 'cache'), { recursive: true })).length / 2;
    await new FeatureCache(join(folder, 'cache'), spec.mfcc, callEffects).frames(plainSource(file));
    await new FeatureCache(join(folder, 'cache'), { ...spec.mfcc, melBands: 30 }, callEffects).frames(
      plainSource(file),
    );
    expect(await folders()).toBe(2);
    await writeFile(file, wav(samples().subarray(0, 20_000).slice()));
    const shorter = await new FeatureCache(join(folder, 'cache'), spec.mfcc, callEffects).frames(
      plainSource(file),
    );
    expect(shorter.speech).toHaveLength(Math.floor((20_000 - 400) / 160) + 1);
  });
});
