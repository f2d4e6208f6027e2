import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MfccOptions, StreamingMfcc, VoiceActivityDetector } from '@undertone/dsp';
import { readSpeech } from '../corpus/read-speech.ts';
import type { SpeechFrames } from './speech-frames.ts';

/** Changes whenever the cached numbers would, for a reason other than the options: a new detector, say. */
const cacheVersion = 1;

/** Frames of clips on disk, keyed by the file, its size and date, and the MFCC options: decoding happens once. */
export class FeatureCache {
  readonly #folder: string;
  readonly #mfcc: MfccOptions;

  constructor(folder: string, mfcc: MfccOptions) {
    this.#folder = folder;
    this.#mfcc = mfcc;
  }

  /** @throws Error when the file can't be read as speech */
  async frames(file: string): Promise<SpeechFrames> {
    const { size, mtimeMs } = await stat(file);
    const key = createHash('sha256')
      .update(JSON.stringify([cacheVersion, file, size, mtimeMs, this.#mfcc]))
      .digest('hex');
    const path = join(this.#folder, key.slice(0, 2), key.slice(2));
    const { melBands } = this.#mfcc;
    try {
      const bytes = await readFile(path);
      const count = bytes.byteLength / (4 * melBands + 1);
      const logMelBytes = 4 * melBands * count;
      return {
        bands: melBands,
        logMel: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + logMelBytes)),
        speech: new Uint8Array(bytes.subarray(logMelBytes)),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const frames = this.#extract(await readSpeech(file));
    const { logMel, speech } = frames;
    await mkdir(dirname(path), { recursive: true });
    // Written aside and renamed, so that a run that is cut off leaves no half file.
    const aside = `${path}.${process.pid}`;
    await writeFile(aside, Buffer.concat([new Uint8Array(logMel.buffer, 0, logMel.byteLength), speech]));
    await rename(aside, path);
    return frames;
  }

  #extract(samples: Int16Array): SpeechFrames {
    const { melBands, windowSamples, hopSamples } = this.#mfcc;
    const count = Math.max(0, Math.floor((samples.length - windowSamples) / hopSamples) + 1);
    const frames: SpeechFrames = {
      bands: melBands,
      logMel: new Float32Array(count * melBands),
      speech: new Uint8Array(count),
    };
    const voiceActivity = new VoiceActivityDetector(this.#mfcc);
    let frame = 0;
    new StreamingMfcc(this.#mfcc).push(samples, {
      frame: (_mfcc, logMel) => {
        frames.logMel.set(logMel, frame * melBands);
        frames.speech[frame++] = voiceActivity.push(logMel) > 0 ? 1 : 0;
      },
    });
    return frames;
  }
}
