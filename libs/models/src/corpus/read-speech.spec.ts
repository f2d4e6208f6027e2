import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSpeech } from './read-speech.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-speech-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A tenth of a second of 440 Hz in 16-bit stereo, the right channel silent. */
function stereoWav(rateHz: number): Buffer {
  const frames = rateHz / 10;
  const bytes = Buffer.alloc(44 + 4 * frames);
  bytes.write('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0', 'latin1');
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(4 * frames, 40);
  for (let i = 0; i < frames; i++)
    bytes.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / rateHz)), 44 + 4 * i);
  return bytes;
}

it.each([16_000, 44_100, 8_000])('brings %i Hz stereo to 16 kHz mono', async (rateHz) => {
  const file = join(folder, 'tone.wav');
  await writeFile(file, stereoWav(rateHz));
  const samples = await readSpeech(file);
  expect(Math.abs(samples.length - 1_600)).toBeLessThanOrEqual(1);
  for (let i = 300; i < 1_300; i++)
    expect(Math.abs(samples[i] - 8_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000))).toBeLessThan(20);
});

it('reads MP3', async () => {
  // Half a second of 440 Hz at a quarter of full scale, 22.05 kHz, made with LAME.
  const samples = await readSpeech(fileURLToPath(new URL('./tone-440hz.mp3', import.meta.url)));
  expect(samples.length).toBeGreaterThan(7_500);
  expect(samples.length).toBeLessThan(9_500);
  const middle = samples.subarray(2_000, 6_000);
  let crossings = 0;
  for (let i = 1; i < middle.length; i++) if (middle[i - 1] < 0 && middle[i] >= 0) crossings++;
  expect(Math.abs(crossings - 110)).toBeLessThanOrEqual(1);
  expect(Math.max(...middle)).toBeGreaterThan(7_600);
  expect(Math.max(...middle)).toBeLessThan(8_600);
});

it('says what is wrong with files that it can’t read', async () => {
  const file = join(folder, 'a.wav');
  await writeFile(file, 'not audio');
  await expect(readSpeech(file)).rejects.toThrow('neither FLAC, MP3, Ogg nor WAV');
  await writeFile(file, stereoWav(16_000).subarray(0, 44));
  await expect(readSpeech(file)).rejects.toThrow('no audio in the file');
  await expect(readSpeech(join(folder, 'none.wav'))).rejects.toThrow('no such file');
});
