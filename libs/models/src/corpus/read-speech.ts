import { readFile } from 'node:fs/promises';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { toInt16 } from '../preprocessing/int16.ts';
import { resample } from '../preprocessing/resample.ts';
import { type DecodedAudio, decodeWav } from './decode-wav.ts';

const sampleRateHz = 16_000;

/**
 * Reads a FLAC, Ogg Opus, MP3 or WAV file as mono 16 kHz samples; channels are averaged.
 * @throws Error saying what is wrong with the file
 */
export async function readSpeech(file: string): Promise<Int16Array> {
  const { sampleRateHz: rate, channels } = await decode(await readFile(file));
  if (channels.length === 0 || channels[0].length === 0) throw new Error('no audio in the file');
  const mono = new Float32Array(channels[0].length);
  for (const channel of channels) {
    for (let i = 0; i < mono.length; i++) mono[i] += channel[i] / channels.length;
  }
  return toInt16(await resample(mono, rate, sampleRateHz));
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
      if (isMpeg(bytes)) return decodeWith(new MPEGDecoder(), bytes);
      throw new Error('neither FLAC, MP3, Ogg nor WAV');
  }
}

/** An ID3 tag, or the eleven set bits that begin a frame (ISO/IEC 11172-3, 2.4.2.3). */
const isMpeg = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(0, 3)) === 'ID3' || (bytes[0] === 0xff && bytes[1] >= 0xe0);

async function decodeWith(
  decoder: FLACDecoder | OggOpusDecoder | MPEGDecoder,
  bytes: Uint8Array,
): Promise<DecodedAudio> {
  await decoder.ready;
  try {
    const { channelData, sampleRate, errors } =
      decoder instanceof MPEGDecoder ? decoder.decode(bytes) : await decoder.decodeFile(bytes);
    if (errors.length > 0) throw new Error(`damaged: ${errors[0].message}`);
    return { sampleRateHz: sampleRate, channels: channelData };
  } finally {
    decoder.free();
  }
}
