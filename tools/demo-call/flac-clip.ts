import { readFile } from 'node:fs/promises';
import { FLACDecoder } from '@wasm-audio-decoders/flac';

/** Sample rate of the clips and of the tracks mixed from them. */
export const clipSampleRateHz = 16_000;

/**
 * Decodes mono 16 kHz FLAC files to s16 samples, in the order of `paths`.
 * @throws Error that names the file if one is damaged, not mono or not 16 kHz
 */
export async function decodeFlacClips(paths: readonly string[]): Promise<Int16Array[]> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const clips: Int16Array[] = [];
    for (const path of paths) {
      const { channelData, sampleRate, errors } = await decoder.decodeFile(await readFile(path));
      if (errors.length > 0) throw new Error(`${path}: damaged FLAC: ${errors[0].message}`);
      if (channelData.length !== 1 || sampleRate !== clipSampleRateHz) {
        throw new Error(
          `${path}: mono ${clipSampleRateHz} Hz expected, got ${channelData.length} × ${sampleRate} Hz`,
        );
      }
      clips.push(Int16Array.from(channelData[0], (sample) => Math.round(sample * 32_768)));
      await decoder.reset();
    }
    return clips;
  } finally {
    decoder.free();
  }
}
