import { readFile } from 'node:fs/promises';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { type DecodedAudio, decodeWav } from './decode-wav.ts';

const sampleRateHz = 16_000;

/**
 * Reads a FLAC, Ogg Opus or WAV file as mono 16 kHz samples; channels are averaged.
 * @throws Error saying what is wrong with the file
 */
export async function readSpeech(file: string): Promise<Int16Array> {
  const bytes = await readFile(file);
  const { sampleRateHz: rate, channels } = await decode(bytes);
  if (channels.length === 0 || channels[0].length === 0) throw new Error('no audio in the file');
  if (rate !== sampleRateHz) throw new Error(`sampled at ${rate} Hz: convert it to ${sampleRateHz} Hz first`);
  const samples = new Int16Array(channels[0].length);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i];
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round((32_768 * sum) / channels.length)));
  }
  return samples;
}

async function decode(bytes: Uint8Array): Promise<DecodedAudio> {
  switch (String.fromCharCode(...bytes.subarray(0, 4))) {
    case 'RIFF':
      return decodeWav(bytes);
    case 'fLaC':
      return decodeWith(new FLACDecoder(), bytes);
    case 'OggS':
      // `sampleRate` reaches libopus, which decodes to 16 kHz by itself; the declared type leaves it out.
      return decodeWith(new OggOpusDecoder({ sampleRate: sampleRateHz } as object), bytes);
    default:
      throw new Error('neither FLAC, Ogg nor WAV');
  }
}

async function decodeWith(decoder: FLACDecoder | OggOpusDecoder, bytes: Uint8Array): Promise<DecodedAudio> {
  await decoder.ready;
  try {
    const { channelData, sampleRate, errors } = await decoder.decodeFile(bytes);
    if (errors.length > 0) throw new Error(`damaged: ${errors[0].message}`);
    return { sampleRateHz: sampleRate, channels: channelData };
  } finally {
    decoder.free();
  }
}
