import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSpeech } from '../corpus/read-speech.ts';
import { toFloat } from './int16.ts';
import { integratedLoudnessLufs } from './loudness.ts';
import {
  noPreprocessing,
  preprocess,
  preprocessingOf,
  preprocessingSchema,
  stepsOf,
} from './preprocessing.ts';

const sentence = fileURLToPath(new URL('../../../../test/fixtures/speech/11b09Fd.wav', import.meta.url));

describe('preprocessing', () => {
  it('gives back the very samples where nothing is to be done', async () => {
    const samples = await readSpeech(sentence);
    expect(preprocess(samples, noPreprocessing)).toBe(samples);
  });

  it('takes every step that is named, and leaves the recording itself as it is', async () => {
    const samples = await readSpeech(sentence);
    const before = samples.slice();
    const padded = new Int16Array(samples.length + 48_000);
    padded.set(samples, 32_000);
    const all = preprocess(padded, { noiseReduction: true, silenceRemoval: true, loudnessLufs: -30 });
    expect(all.length).toBeLessThan(samples.length + 8_000);
    expect(integratedLoudnessLufs(toFloat(all), 16_000)).toBeCloseTo(-30, 1);
    expect(preprocess(samples, { ...noPreprocessing, noiseReduction: true })).not.toEqual(samples);
    expect(samples).toEqual(before);
  });

  it('knows its steps by name', () => {
    expect(preprocessingOf(['loudness', 'denoise'])).toEqual({
      noiseReduction: true,
      silenceRemoval: false,
      loudnessLufs: -23,
    });
    expect(stepsOf(preprocessingOf(['loudness', 'trim']))).toEqual(['trim', 'loudness']);
    expect(stepsOf(noPreprocessing)).toEqual([]);
    expect(preprocessingSchema.safeParse({ ...noPreprocessing, loudnessLufs: 3 }).success).toBe(false);
  });
});
