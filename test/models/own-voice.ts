import type { SeededRandom } from '../../libs/models/src/seeded-random.ts';

const sampleRateHz = 16_000;

/** A recording (WAV) of a voice of our own: a buzz with syllables, high and fast for `happy`, low and slow for `sad`. */
export function voice(emotion: 'happy' | 'sad', usualPitchHz: number, random: SeededRandom): Buffer {
  const happy = emotion === 'happy';
  const pitchHz = usualPitchHz * (happy ? 1.6 : 0.9) * random.between(0.95, 1.05);
  const syllablesHz = (happy ? 5 : 2.5) * random.between(0.9, 1.1);
  const samples = Int16Array.from({ length: 1.5 * sampleRateHz }, (_, i) => {
    const swell = i < 3_000 ? 0 : 0.5 - 0.5 * Math.cos((2 * Math.PI * syllablesHz * i) / sampleRateHz);
    return 10 * random.normal() + swell * ((happy ? 9_000 : 3_000) * (((pitchHz * i) / sampleRateHz) % 1));
  });
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
