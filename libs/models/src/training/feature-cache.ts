import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { MfccOptions } from '@undertone/dsp';
import { noPreprocessing, type Preprocessing, preprocess, stepsOf } from '../preprocessing/preprocessing.ts';
import { SeededRandom } from '../seeded-random.ts';
import { extractFrames } from './extract-frames.ts';
import { type FeatureSource, variantRandom } from './feature-source.ts';
import { frameFile, framesOfFile } from './frame-file.ts';
import { RecentSpeech } from './recent-speech.ts';
import type { SpeechFrames } from './speech-frames.ts';
import { augmentWaveform } from './waveform-augmentation.ts';
import type { WaveformEffects } from './waveform-options.ts';

/** Recordings kept in memory: what a speaker of most corpora has, some 10 MB. */
const recentRecordings = 64;

/**
 * Frames of recordings and of their variants on disk, so that decoding happens once. Keyed by the file, its size and date,
 * the options, and what the extractor, the preprocessing and, for variants, the effects make of a test signal: a change
 * of their code empties the cache by itself.
 */
export class FeatureCache {
  readonly #folder: string;
  readonly #mfcc: MfccOptions;
  readonly #effects: WaveformEffects;
  readonly #preprocessing: Preprocessing;
  readonly #hasWaveform: boolean;
  readonly #extractor: string;
  readonly #speech = new RecentSpeech(recentRecordings);
  #variation: Promise<string> | null = null;

  /**
   * @param effects what makes the variants
   * @param preprocessing what is done to recordings and variants before frames are taken from them
   * @param hasWaveform whether frames hold the waveform's descriptors
   */
  constructor(
    folder: string,
    mfcc: MfccOptions,
    effects: WaveformEffects,
    preprocessing: Preprocessing = noPreprocessing,
    hasWaveform = false,
  ) {
    this.#folder = folder;
    this.#mfcc = mfcc;
    this.#effects = effects;
    this.#preprocessing = preprocessing;
    this.#hasWaveform = hasWaveform;
    this.#extractor = createHash('sha256')
      .update(frameFile(extractFrames(testSignal(), mfcc, hasWaveform)))
      .digest('hex');
  }

  /** @throws Error when the file can't be read as speech */
  async frames(source: FeatureSource): Promise<SpeechFrames> {
    return (await this.find(source)) ?? this.#extract(source);
  }

  /** What is on disk; null when it has not been extracted. @throws Error when there is no such recording */
  async find(source: FeatureSource): Promise<SpeechFrames | null> {
    const path = await this.#path(source);
    try {
      return framesOfFile(await readFile(path), this.#mfcc.melBands, this.#hasWaveform);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async #extract(source: FeatureSource): Promise<SpeechFrames> {
    const heard = preprocess(await this.#heard(source), this.#preprocessing);
    const frames = extractFrames(heard, this.#mfcc, this.#hasWaveform);
    const path = await this.#path(source);
    await mkdir(dirname(path), { recursive: true });
    // Written aside and renamed, so that a run that is cut off leaves no half file.
    const aside = `${path}.${process.pid}.${threadId}`;
    await writeFile(aside, frameFile(frames));
    await rename(aside, path);
    return frames;
  }

  async #heard({ file, variant, voices }: FeatureSource): Promise<Int16Array> {
    const samples = await this.#speech.samples(file);
    if (variant === 0) return samples;
    const others: Int16Array[] = [];
    for (const voice of voices) others.push(await this.#speech.samples(voice));
    return augmentWaveform(samples, this.#effects, others, variantRandom(file, variant));
  }

  async #path({ file, variant, voices }: FeatureSource): Promise<string> {
    const { size, mtimeMs } = await stat(file);
    // The log mel energies depend on neither of these two.
    const { coefficients: _coefficients, lifter: _lifter, ...options } = this.#mfcc;
    const key: unknown[] = [this.#extractor, file, size, mtimeMs, options];
    if (stepsOf(this.#preprocessing).length > 0) {
      const sample = preprocess(testSignal(), this.#preprocessing);
      key.push(this.#preprocessing, createHash('sha256').update(sample).digest('hex'));
    }
    if (variant > 0) {
      this.#variation ??= variationOf(this.#effects);
      key.push(
        await this.#variation,
        variant,
        voices.map((voice) => basename(voice)),
      );
    }
    const name = createHash('sha256').update(JSON.stringify(key)).digest('hex');
    return join(this.#folder, name.slice(0, 2), name.slice(2));
  }
}

/** What the effects make of a test signal, every one of them and every line among them. */
async function variationOf(effects: WaveformEffects): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(effects));
  const samples = testSignal();
  const { reverberation, noise, microphone, overdrive, bandLimit, gain, opus } = effects;
  const lines = [
    { opus: 1, muLaw: 0, aLaw: 0 },
    { opus: 0, muLaw: 1, aLaw: 0 },
    { opus: 0, muLaw: 0, aLaw: 1 },
  ];
  for (const [i, line] of lines.entries()) {
    for (const kind of noise.kinds) {
      const all: WaveformEffects = {
        reverberation: { ...reverberation, share: 1 },
        noise: { ...noise, share: 1, kinds: [kind] },
        microphone: { ...microphone, share: 1 },
        overdrive: { ...overdrive, share: 1 },
        bandLimit: { ...bandLimit, share: 1 },
        gain: { ...gain, share: 1 },
        line,
        opus,
      };
      const short = samples.subarray(0, 8_000);
      hash.update(await augmentWaveform(short, all, [short], new SeededRandom(i)));
    }
  }
  return hash.digest('hex');
}

/** Two seconds of noise that swells and falls over 60 dB: makes the voice activity detector switch. */
function testSignal(): Int16Array {
  const random = new SeededRandom(1);
  return Int16Array.from({ length: 32_000 }, (_, i) => {
    const swell = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 8_000);
    return 10 ** (4 * swell) * random.between(-1, 1);
  });
}
