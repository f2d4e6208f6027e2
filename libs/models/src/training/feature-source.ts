import { basename } from 'node:path';
import { channelSeed } from '../preprocessing/channel.ts';
import { SeededRandom } from '../seeded-random.ts';

/** Voices in babble. */
const babbleVoices = 5;

/** What frames are taken from: a recording as it is, or a variant of it. */
export interface FeatureSource {
  /** Absolute path. */
  file: string;
  /** 0: as it is; from 1 on: the variants. */
  variant: number;
  /** Other recordings that babble is made of, where the variant has any. */
  voices: readonly string[];
}

/** The recording as it is. */
export const plainSource = (file: string): FeatureSource => ({ file, variant: 0, voices: [] });

/**
 * Variant `variant` of `file`. Babble is made of other recordings of the same speaker, played at other speeds: so no speaker
 * is ever heard behind another, and speakers held out of training stay out of it.
 * @param own all recordings of the speaker; neither their order nor their folder matters
 */
export function variantSource(file: string, variant: number, own: readonly string[]): FeatureSource {
  const random = variantRandom(file, variant);
  const others = own.filter((other) => other !== file);
  others.sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
  return { file, variant, voices: random.shuffle(others).slice(0, babbleVoices) };
}

/** Random numbers of a variant: its file's name's and its own, whatever else is read. */
export const variantRandom = (file: string, variant: number): SeededRandom =>
  new SeededRandom(channelSeed(file) ^ Math.imul(variant, 0x9e3779b1));
