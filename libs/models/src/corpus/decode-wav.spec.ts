import { expect, it } from 'vitest';
import { decodeWav } from './decode-wav.ts';

/** A WAV file around `data`, with a chunk of odd length before it, as recorders write them. */
function wav(code: number, bits: number, channels: number, data: Buffer): Buffer {
  const format = Buffer.alloc(24);
  format.write('fmt ', 0);
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE(code, 8);
  format.writeUInt16LE(channels, 10);
  format.writeUInt32LE(16_000, 12);
  format.writeUInt16LE((channels * bits) / 8, 20);
  format.writeUInt16LE(bits, 22);
  const note = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  const head = Buffer.from('data\0\0\0\0', 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'), format, note, head, data]);
}

it('separates the channels of 16-bit samples', () => {
  const data = Buffer.from(Int16Array.of(16_384, -32_768, 0, 8_192).buffer);
  expect(decodeWav(wav(1, 16, 2, data))).toEqual({
    sampleRateHz: 16_000,
    channels: [Float32Array.of(0.5, 0), Float32Array.of(-1, 0.25)],
  });
});

it.each([
  [1, 8, Buffer.from([192])],
  [1, 24, Buffer.from([0, 0, 64])],
  [1, 32, Buffer.from(Int32Array.of(2 ** 30).buffer)],
  [3, 32, Buffer.from(Float32Array.of(0.5).buffer)],
])('reads format %i with %i bits', (code, bits, data) => {
  expect(decodeWav(wav(code, bits, 1, data)).channels).toEqual([Float32Array.of(0.5)]);
});

it('reads what is there of a file that was cut off', () => {
  const data = Buffer.from(Int16Array.of(1, 2, 3).buffer);
  expect(decodeWav(wav(1, 16, 1, data).subarray(0, -3)).channels[0]).toHaveLength(1);
});

it('says what is wrong with a file that it cannot read', () => {
  expect(() => decodeWav(Buffer.from('RIFF'))).toThrow('not a WAV file');
  expect(() => decodeWav(wav(1, 16, 1, Buffer.alloc(0)).subarray(0, 40))).toThrow('no data');
  expect(() => decodeWav(wav(2, 4, 1, Buffer.alloc(8)))).toThrow('not supported');
});
