import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultMfccOptions } from '@undertone/dsp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clip } from '../corpus/clip.ts';
import { noPreprocessing } from '../preprocessing/preprocessing.ts';
import { FeatureCache } from './feature-cache.ts';
import { FeatureReader } from './feature-reader.ts';
import { plainSource, variantSource } from './feature-source.ts';
import { readTrainingClips, withVariants } from './read-training-clips.ts';
import { callEffects } from './waveform-options.ts';

const recordings = ['08a02Wc', '11a02Nc', '11b09Fd'].map((name) =>
  fileURLToPath(new URL(`../../../../test/fixtures/speech/${name}.wav`, import.meta.url)),
);
const clips = recordings.map(
  (file): Clip => ({ file, dataset: 'd', speaker: 's', gender: 'male', language: 'de', label: 'angry' }),
);

describe('reading features', () => {
  let folder: string;
  const reader = (effects = callEffects) =>
    new FeatureReader(join(folder, 'threads'), defaultMfccOptions, effects);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reader-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives by threads what one after the other gives, and the same from the disk', async () => {
    const sources = recordings.flatMap((file) => [plainSource(file), variantSource(file, 1, recordings)]);
    const alone = new FeatureCache(join(folder, 'alone'), defaultMfccOptions, callEffects);
    const wanted = [];
    for (const source of sources) wanted.push(await alone.frames(source));
    expect(wanted[0].logMel).not.toEqual(wanted[1].logMel);
    expect(wanted[0].speech).toHaveLength(wanted[1].speech.length);

    const counted: number[] = [];
    expect(await reader().read(sources, (done, total) => counted.push(done / total))).toEqual(wanted);
    expect(counted).toHaveLength(6);
    expect(counted.at(-1)).toBe(1);
    expect(await reader().read(sources, () => {})).toEqual(wanted);
  });

  it('says for each recording why it can’t be read, and reads the others', async () => {
    const broken = join(folder, 'broken.wav');
    await writeFile(broken, 'no sound');
    const missing = join(folder, 'missing.wav');
    const answers = await reader().read([broken, missing, recordings[0]].map(plainSource), () => {});
    expect(answers[0]).toMatch(/neither FLAC, MP3, Ogg nor WAV/);
    expect(answers[1]).toMatch(/ENOENT/);
    expect(answers[2]).toHaveProperty('logMel');
  });

  it('keeps variants apart by their number and their effects', async () => {
    const alone = (effects = callEffects) =>
      new FeatureCache(join(folder, 'alone'), defaultMfccOptions, effects);
    const source = variantSource(recordings[0], 1, recordings);
    const first = await alone().frames(source);
    expect((await alone().frames({ ...source, variant: 2 })).logMel).not.toEqual(first.logMel);
    const louder = { ...callEffects, gain: { share: 1, db: [6, 6] as [number, number] } };
    expect(await alone(louder).find(source)).toBeNull();
    expect(await alone(louder).find(plainSource(recordings[0]))).toBeNull();
    await alone().frames(plainSource(recordings[0]));
    expect(await alone(louder).find(plainSource(recordings[0]))).not.toBeNull();
  });

  it('keeps preprocessed recordings apart, and takes frames after preprocessing', async () => {
    const quiet = { ...noPreprocessing, loudnessLufs: -50 };
    const cache = join(folder, 'alone');
    const plain = new FeatureCache(cache, defaultMfccOptions, callEffects);
    const source = plainSource(recordings[0]);
    const before = await plain.frames(source);
    const [after] = await new FeatureReader(cache, defaultMfccOptions, callEffects, quiet).read(
      [source],
      () => {},
    );
    if (typeof after === 'string') return expect.fail(after);
    // ffmpeg measures −21.1 LUFS: 28.9 dB less of it.
    const middle = 40 * Math.floor(before.speech.length / 2) + 10;
    expect(after.logMel[middle] - before.logMel[middle]).toBeCloseTo((-28.9 * Math.LN10) / 10, 1);
    expect(await plain.frames(source)).toEqual(before);
  });

  it('gives every training clip its variants, and lists what holds no speech', async () => {
    const silent = join(folder, 'silent.wav');
    const header = Buffer.from(
      'RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\0\0\0\x02\0\x10\0data',
      'latin1',
    );
    await writeFile(silent, Buffer.concat([header, Buffer.from([0, 0x7d, 0, 0]), Buffer.alloc(32_000)]));
    const skipped: { file: string; reason: string }[] = [];
    const corpus = { folder, clips: [...clips, { ...clips[0], file: silent }], skipped: [] };
    const read = await readTrainingClips([corpus], reader(), skipped, () => {});
    expect(read.map(({ clip }) => clip.file)).toEqual(recordings);
    expect(skipped).toEqual([{ file: silent, reason: 'no speech found in it' }]);

    const gentle = { ...callEffects, noise: { ...callEffects.noise, snrDb: [30, 40] as [number, number] } };
    const varied = await withVariants(read, 2, reader(gentle), () => {});
    for (const [i, { frames, variants }] of varied.entries()) {
      expect(frames).toBe(read[i].frames);
      expect(variants).toHaveLength(2);
      expect(variants[0].logMel).not.toEqual(variants[1].logMel);
      expect(variants[0].speech).toContain(1);
    }
    expect(await withVariants(read, 0, reader(), () => {})).toEqual(read);
  });
});
