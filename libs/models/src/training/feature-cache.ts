import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MfccOptions, PitchTracker, StreamingMfcc, VoiceActivityDetector } from '@undertone/dsp';
import { readSpeech } from '../corpus/read-speech.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { SpeechFrames } from './speech-frames.ts';

/**
 * Frames of clips on disk, so that decoding happens once. Keyed by the file, its size and date, the options, and
 * what the extractor makes of a test signal: a change of its code empties the cache by itself.
 */
export class FeatureCache {
  readonly #folder: string;
  readonly #mfcc: MfccOptions;
  readonly #extractor: string;

  constructor(folder: string, mfcc: MfccOptions) {
    this.#folder = folder;
    this.#mfcc = mfcc;
    const { logMel, pitch, speech } = extract(testSignal(), mfcc);
    this.#extractor = createHash('sha256').update(logMel).update(pitch).update(speech).digest('hex');
  }

  /** @throws Error when the file can't be read as speech */
  async frames(file: string): Promise<SpeechFrames> {
    const { size, mtimeMs } = await stat(file);
    // The log mel energies depend on neither of these two.
    const { coefficients: _coefficients, lifter: _lifter, ...options } = this.#mfcc;
    const key = createHash('sha256')
      .update(JSON.stringify([this.#extractor, file, size, mtimeMs, options]))
      .digest('hex');
    const path = join(this.#folder, key.slice(0, 2), key.slice(2));
    const { melBands } = this.#mfcc;
    try {
      const bytes = await readFile(path);
      const count = bytes.byteLength / (4 * (melBands + 2) + 1);
      const floats = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 4 * (melBands + 2) * count),
      );
      return {
        bands: melBands,
        logMel: floats.subarray(0, melBands * count),
        pitch: floats.subarray(melBands * count),
        speech: new Uint8Array(bytes.subarray(floats.byteLength)),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const frames = extract(await readSpeech(file), this.#mfcc);
    const { logMel, pitch, speech } = frames;
    await mkdir(dirname(path), { recursive: true });
    // Written aside and renamed, so that a run that is cut off leaves no half file.
    const aside = `${path}.${process.pid}`;
    await writeFile(
      aside,
      Buffer.concat([new Uint8Array(logMel.buffer), new Uint8Array(pitch.buffer), speech]),
    );
    await rename(aside, path);
    return frames;
  }
}

function extract(samples: Int16Array, mfcc: MfccOptions): SpeechFrames {
  const { melBands, windowSamples, hopSamples } = mfcc;
  const count = Math.max(0, Math.floor((samples.length - windowSamples) / hopSamples) + 1);
  const frames: SpeechFrames = {
    bands: melBands,
    logMel: new Float32Array(count * melBands),
    pitch: new Float32Array(2 * count),
    speech: new Uint8Array(count),
  };
  const voiceActivity = new VoiceActivityDetector(mfcc);
  const pitch = new PitchTracker(mfcc.sampleRateHz);
  const overlapSamples = windowSamples - hopSamples;
  let frame = 0;
  new StreamingMfcc(mfcc).push(samples, {
    frame: (_mfcc, logMel, window) => {
      pitch.push(window, overlapSamples);
      frames.pitch[2 * frame] = pitch.logHz;
      frames.pitch[2 * frame + 1] = pitch.voicing;
      frames.logMel.set(logMel, frame * melBands);
      frames.speech[frame++] = voiceActivity.push(logMel) > 0 ? 1 : 0;
    },
  });
  return frames;
}

/** Two seconds of noise that swells and falls over 60 dB: makes the voice activity detector switch. */
function testSignal(): Int16Array {
  const random = new SeededRandom(1);
  return Int16Array.from({ length: 32_000 }, (_, i) => {
    const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 8_000);
    return 10 ** (4 * swell) * random.between(-1, 1);
  });
}
